// Print jobs without coroutines: a job that waits is an object, and what comes then is a function.
#include <iostream>
#include <pawl/interop/sender.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/stop_token.hpp>

// Who is told what has become of a wait, as a receiver of std::execution is.
class job {
 public:
  job(int pages, int& printed, pawl::stop_token token)
      : pages_(pages), printed_(&printed), token_(token) {}

  void set_value(pawl::permit) && noexcept { *printed_ += pages_; }  // the permit goes back here
  void set_stopped() && noexcept { std::cout << "taken back\n"; }
  void set_error(pawl::error e) && noexcept { std::cout << to_string(e) << '\n'; }

  struct environment {
    pawl::stop_token token;
    pawl::stop_token get_stop_token() const noexcept { return token; }
  };
  environment get_env() const noexcept { return {token_}; }

 private:
  int pages_;
  int* printed_;
  pawl::stop_token token_;
};

int main() {
  pawl::semaphore printers(1);
  pawl::stop_source changed_mind;
  int printed = 0;
  const auto printer =
      pawl::as_sender([&](pawl::stop_token token) noexcept { return printers.acquire(1, token); });

  auto busy = printers.try_acquire();
  auto letter = printer.connect(job(2, printed, {}));
  auto poster = printer.connect(job(1, printed, changed_mind.get_token()));
  auto report = printer.connect(job(30, printed, {}));
  letter.start();  // in the queue from here, without an allocation
  poster.start();
  report.start();
  changed_mind.request_stop();
  busy->release();
  std::cout << printed << " pages\n";
}
