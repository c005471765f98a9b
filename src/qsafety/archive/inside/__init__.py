"""What goes into every pack as it is: the scripts that check it without anything of ours, and the page that explains them."""
