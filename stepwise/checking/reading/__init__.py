"""Answers as students write them, from files and tables or from a program, as numbers in the shape of their quantity.

`files` finds out what a file is and `tables` reads rows; `answers` takes the fields of one student, `keys` says which
quantity a name means, `shaping` and `typed` make numbers of what stands there, `keyboard` forgives a Chinese one.
"""
