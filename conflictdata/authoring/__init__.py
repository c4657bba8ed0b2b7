"""Writing seeds: the canonical form of a file, the scaffold of a new page, plain data as a seed file.

The way back from `conflictdata.seeds`. What is written here is read again by that reader before it reaches the disk.
"""
