/// What one look of `roost-agent doctor` found.
struct DoctorFinding: Hashable, Sendable, Codable {
    enum Verdict: String, Hashable, Sendable, Codable {
        case fine
        /// Jobs run, but not as well as they could.
        case warning
        /// The agent cannot work like this.
        case broken
        /// It could not be looked at, because something before it is broken.
        case unknown
    }

    /// What was looked at, in the order of looking.
    enum Topic: String, Hashable, Sendable, Codable, CaseIterable {
        case configuration, files, disk, git, listener, address, name, proxy, certificate, server, clock, credential
    }

    var topic: Topic
    var verdict: Verdict
    /// One sentence.
    var summary: String
    /// What to do; a command where there is one.
    var advice: String?

    init(_ topic: Topic, _ verdict: Verdict, _ summary: String, _ advice: String? = nil) {
        self.topic = topic
        self.verdict = verdict
        self.summary = summary
        self.advice = advice
    }
}
