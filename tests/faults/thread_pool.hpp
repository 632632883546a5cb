// A small thread pool, as a program of its own might have one, and its bridge to spp_executor.
#ifndef SPP_TESTS_FAULTS_THREAD_POOL_HPP
#define SPP_TESTS_FAULTS_THREAD_POOL_HPP

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "spp.h"

class ThreadPool {
 public:
  explicit ThreadPool(int threads) {
    for (int k = 0; k < threads; ++k) threads_.emplace_back([this] { work(); });
  }
  ~ThreadPool() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    for (std::thread &thread : threads_) thread.join();
  }
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  // The caller works too, and so a call from inside of a task cannot wait for itself.
  static std::int32_t executor(void *pool, spp_task task, void *task_context, std::int64_t count) {
    ThreadPool &self = *static_cast<ThreadPool *>(pool);
    const auto job = std::make_shared<Job>(task, task_context, count);
    std::unique_lock<std::mutex> lock(self.mutex_);
    self.jobs_.push_back(job);
    self.changed_.notify_all();
    while (self.run_one(*job, lock)) continue;
    self.changed_.wait(lock, [&] { return job->finished == job->count; });
    return 0;
  }

 private:
  struct Job {
    Job(spp_task what, void *with, std::int64_t how_often)
        : task(what), context(with), count(how_often) {}
    spp_task task;
    void *context;
    std::int64_t count;
    std::int64_t started = 0;
    std::int64_t finished = 0;
  };

  bool run_one(Job &job, std::unique_lock<std::mutex> &lock) {
    if (job.started == job.count) return false;
    const std::int64_t index = job.started++;
    lock.unlock();
    job.task(job.context, index);
    lock.lock();
    if (++job.finished == job.count) changed_.notify_all();
    return true;
  }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
      if (ends_) return;
      const std::shared_ptr<Job> job = jobs_.front();
      if (!run_one(*job, lock) && !jobs_.empty() && jobs_.front() == job) jobs_.pop_front();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> jobs_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

#endif
