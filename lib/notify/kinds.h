/* The kinds of channels: in the order of the manual. */
X(mail)
X(http)
X(exec)
