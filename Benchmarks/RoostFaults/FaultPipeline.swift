/// The pipeline of a run: each job says when it begins and when it ends, with an id that no other attempt of any job has.
struct FaultPipeline: Sendable {
    let pool: String
    let jobs: Int

    /// Every other job may be repeated when its machine is lost.
    static let repeats = 9

    var yaml: String {
        let jobs = (1...jobs).map { number in
            """
            - job: j\(number)
              pool: \(pool)
              retryCountOnMachineFailure: \(number % 2 == 0 ? Self.repeats : 0)
              steps:
              - checkout: none
              - script: |
                  echo "witness begin $(System.JobId)"
                  if [ -n "$WITNESS" ]; then echo "begin $(System.JobId)" >> "$WITNESS"; fi
                displayName: begin
              - script: sleep 0.\(number % 4)
                displayName: work
              - script: |
                  if [ -n "$WITNESS" ]; then echo "end $(System.JobId)" >> "$WITNESS"; fi
                  echo "witness end $(System.JobId)"
                displayName: end
            """
        }
        return "jobs:\n\(jobs.joined(separator: "\n"))\n"
    }
}
