#pragma once
#error "pawl: nothing can be spawned under Relacy, whose threads are those of the test suite"
