// Whether the list of shortcuts is on screen; opened by `?` and by the user menu.
class Help {
	open = $state(false);
}

export const help = new Help();
