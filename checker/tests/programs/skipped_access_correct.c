// Loops whose iterations access what others end after the loop, and know that it is over.
// expect -DORDERS: PASS
// expect --memory-model=sc -DORDERS: PASS
// expect -DORDERS -DTRIES: PASS
// expect -DORDERS -DADDS: PASS
// expect -DORDERS -DLOCKS: PASS
// expect -DORDERS -DLOCKS -DDESTROYS: PASS
// expect -DORDERS -DWRITES: PASS
#include "skipped_access_misuse.c"
