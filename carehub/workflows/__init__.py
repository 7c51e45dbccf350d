"""What people do: every change a person makes passes here and returns `Changes`."""
