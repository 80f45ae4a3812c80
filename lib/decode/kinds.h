/* Every decoder, in the order of the manual. */
X(linux)
X(number)
X(keyvalue)
X(table)
X(csv)
X(json)
X(prometheus)
X(lines)
