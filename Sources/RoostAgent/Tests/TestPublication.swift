/// Which test results a step publishes, and what follows from them.
struct TestPublication: Hashable, Sendable {
    var format: TestResultsFormat
    /// Absolute paths.
    var files: [String]
    var title: String?
    var platform = ""
    var configuration = ""
    /// All files into one publication.
    var isMerged = false
    /// The files themselves are kept beside the results.
    var attachesFiles = true
    var failsOnFailedTests = false
    var failsOnFailure = false
}

/// Code coverage a step publishes.
struct CoveragePublication: Hashable, Sendable {
    /// Absolute paths of Cobertura's or JaCoCo's XML.
    var files: [String]
    /// A folder with a report for people.
    var report: String?
    var moreFiles: [String] = []
    /// The folder of the sources, which is taken from the front of paths.
    var sources: String?
    var failsWhenEmpty = false
}
