import FoundationEssentials
import RoostModel
import RoostWire

/// Reads files of test results and sends what is in them; a file that cannot be read does not keep the others back.
struct TestPublisher {
    let work: StepWork
    let publication: TestPublication
    /// Nil in a run without a server, which only counts.
    private let host: (any TestHost)?
    private var counts: [TestOutcome: Int] = [:]
    private var duration = 0.0
    private var flaky = 0
    private var hasFailed = false

    /// Azure Pipelines merges more files than this whatever the step says.
    private static let mergeLimit = 100
    private static let batchCount = 500
    private static let batchBytes = 2 << 20
    /// Larger files are not kept beside the results; the server takes requests of 16 MiB.
    private static let attachmentLimit = 8 << 20
    private static let attachmentsOfTest = 20

    init(_ work: StepWork, _ publication: TestPublication) {
        self.work = work
        self.publication = publication
        host = work.content?.tests
    }

    /// Publishes all files.
    ///
    /// - Returns: failed, when the step says so of what happened; with issues, when something could not be published.
    mutating func run() async -> TaskResult {
        let isMerged = publication.isMerged || publication.files.count > Self.mergeLimit
        var open: Open?
        for (number, file) in publication.files.enumerated() {
            if stopped { break }
            do {
                if open == nil { open = try await begin(isMerged || publication.files.count == 1 ? nil : number + 1) }
                if var present = open {
                    defer { open = present }
                    try await read(file, into: &present)
                }
            } catch { tell(error, file) }
            if !isMerged, let done = open {
                await end(done)
                open = nil
            }
        }
        if let done = open { await end(done) }
        return judge()
    }

    private var stopped: Bool { work.stop.reason != nil }

    private mutating func tell(_ error: any Error, _ file: String) {
        hasFailed = true
        let text = (error as? any UserFacingError)?.description ?? "'\(file)' could not be published: \(error)"
        work.report(.error, text)
    }

    // MARK: One publication

    /// A publication that results are added to.
    private struct Open {
        var id: Int
        var last = 0
        var batch: [TestCaseResultWire] = []
        var bytes = 0
        var files: [String] = []
        /// Files of results, sent once the results are.
        var attachments: [(path: String, result: Int)] = []
    }

    private func begin(_ number: Int?) async throws -> Open {
        guard let host else { return Open(id: 0) }
        let base = publication.title ?? "\(publication.format.rawValue)_TestResults"
        let id = try await host.beginTestRun(
            TestRunDraftWire(
                name: number.map { "\(base)_\($0)" } ?? base,
                buildPlatform: publication.platform,
                buildFlavor: publication.configuration
            )
        )
        return Open(id: id)
    }

    private mutating func read(_ file: String, into open: inout Open) async throws {
        open.files.append(file)
        var reader: TestFileReader
        do {
            reader = try TestFileReader(path: file, format: publication.format)
            while let test = try reader.next() {
                if stopped { return }
                try await add(test, from: file, to: &open)
            }
        } catch let fault as XMLFault {
            // What stands before the fault is good and stays.
            try await send(&open)
            throw fault
        }
        try await send(&open)
    }

    private mutating func add(_ test: ParsedTest, from file: String, to open: inout Open) async throws {
        counts[test.outcome, default: 0] += 1
        duration += test.duration
        if test.tries.contains(where: \.outcome.isFailure), test.outcome.isPass { flaky += 1 }
        open.last += 1
        let wire = wire(test, open.last)
        open.bytes += [wire.errorMessage, wire.stackTrace, wire.standardOutput, wire.standardError]
            .reduce(test.name.utf8.count + 200) { $0 + ($1?.utf8.count ?? 0) }
        open.batch.append(wire)
        let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
        for path in test.attachments.prefix(Self.attachmentsOfTest) {
            open.attachments.append((work.absolute(path, below: folder), open.last))
        }
        if open.batch.count >= Self.batchCount || open.bytes >= Self.batchBytes { try await send(&open) }
    }

    private func wire(_ test: ParsedTest, _ id: Int) -> TestCaseResultWire {
        let mask: (String) -> String? = { [masker = work.masker] in $0.isEmpty ? nil : masker.mask($0) }
        var wire = TestCaseResultWire()
        wire.id = id
        wire.automatedTestName = work.masker.mask(test.name)
        wire.testCaseTitle = work.masker.mask(test.title)
        wire.automatedTestStorage = mask(test.storage)
        wire.outcome = test.outcome.name
        wire.state = "Completed"
        wire.durationInMs = test.duration
        wire.errorMessage = mask(test.message)
        wire.stackTrace = mask(test.stack)
        wire.standardOutput = mask(test.output)
        wire.standardError = mask(test.errors)
        guard !test.tries.isEmpty else { return wire }
        wire.resultGroupType = "rerun"
        wire.subResults = test.tries.enumerated().map { number, one in
            TestCaseResultWire.Sub(
                sequenceId: number + 1,
                displayName: "\(wire.testCaseTitle ?? "") (\(number + 1))",
                outcome: one.outcome.name,
                errorMessage: mask(one.message),
                stackTrace: mask(one.stack)
            )
        }
        return wire
    }

    private mutating func send(_ open: inout Open) async throws {
        defer { (open.batch, open.bytes, open.attachments) = ([], 0, []) }
        guard let host, !open.batch.isEmpty else { return }
        try await host.addTestResults(open.id, open.batch)
        for (path, result) in open.attachments { await attach(path, open.id, result) }
    }

    private mutating func end(_ open: Open) async {
        guard let host else { return }
        if publication.attachesFiles {
            for file in open.files { await attach(file, open.id, nil) }
        }
        do { try await host.endTestRun(open.id) } catch { tell(error, open.files.first ?? "") }
    }

    private mutating func attach(_ path: String, _ testRun: Int, _ result: Int?) async {
        guard let host else { return }
        guard let bytes = ProcFile.read(path, limit: Self.attachmentLimit + 1) else {
            return work.report(.warning, "The file '\(path)' of a test could not be read and is left out.")
        }
        guard bytes.count <= Self.attachmentLimit else {
            return work.report(.warning, "'\(path)' has more than 8 MiB and is not kept beside the results.")
        }
        let shown = String(validating: bytes, as: UTF8.self).map { Array(work.masker.mask($0).utf8) } ?? bytes
        let draft = TestAttachmentDraftWire(
            stream: Data(shown).base64EncodedString(),
            fileName: path.split(separator: "/").last.map(String.init) ?? path,
            attachmentType: "GeneralAttachment"
        )
        do { try await host.attach(draft, testRun: testRun, result: result) } catch { tell(error, path) }
    }

    // MARK: The end

    private func judge() -> TaskResult {
        let total = counts.values.reduce(0, +)
        let failed = counts.reduce(0) { $0 + ($1.key.isFailure ? $1.value : 0) }
        let passed = counts.reduce(0) { $0 + ($1.key.isPass ? $1.value : 0) }
        work.output.writeLine(
            """
            Result files : \(publication.files.count)
            Tests        : \(total)
            Passed       : \(passed)\(flaky > 0 ? " (\(flaky) after a failed try)" : "")
            Failed       : \(failed)
            Others       : \(total - passed - failed)
            """
        )
        if host == nil { work.output.writeLine("There is no server here that keeps them.") }
        var result = TaskResult.succeeded
        if hasFailed { result = publication.failsOnFailure ? .failed : .succeededWithIssues }
        if failed > 0, publication.failsOnFailedTests {
            work.report(.error, "\(failed) of \(total) tests failed.")
            result = .failed
        }
        return result
    }
}
