import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Log pages and their upload")
struct RecordLogTests {
    static func write(_ text: String, to log: RecordLog) {
        Array(text.utf8).withUnsafeBytes(log.write)
    }

    @Test("all lines arrive once and in order while calls fail and answers are lost, and no page stays")
    func upload() async throws {
        try await ScratchFolder.with { folder in
            let reporter = MemoryReporter()
            reporter.kept.change { kept in
                kept.failuresToCome = 3
                kept.losesNextAnswer = true
            }
            let record = UUID()
            let logs = try PagedLogs(folder: "\(folder)/pages", reporter: reporter)
            async let run: Void = logs.run()
            let sink = logs.open(record: record)
            var expected = ""
            for number in 0..<20_000 {
                let line = "2026-11-24T00:00:00.0000000Z line \(number)\n"
                expected += line
                Array(line.utf8).withUnsafeBytes(sink.write)
            }
            sink.finish()
            logs.finish()
            await run
            #expect(reporter.log(record) == expected)
            #expect(reporter.kept.value.logs.count == 1)
            #expect(reporter.kept.value.records[record]?.log?.id == 1)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/pages") == false)
        }
    }

    @Test("the first line goes out before the log is finished")
    func firstLine() async throws {
        try await ScratchFolder.with { folder in
            let reporter = MemoryReporter()
            let logs = try PagedLogs(folder: "\(folder)/pages", reporter: reporter)
            async let run: Void = logs.run()
            let sink = logs.open(record: UUID())
            Array("first\n".utf8).withUnsafeBytes(sink.write)
            await reporter.kept.wait { $0.bytes[1] == Array("first\n".utf8) }
            sink.finish()
            logs.finish()
            await run
        }
    }

    @Test("pages are cut at their size and uploaded ones deleted at once")
    func pages() async throws {
        try await ScratchFolder.with { folder in
            let log = RecordLog(record: "r", folder: folder)
            let line = String(repeating: "x", count: 1 << 20) + "\n"
            for _ in 0..<20 { Self.write(line, to: log) }
            let names = { Set(FileTree.names(in: folder)) }
            #expect(names().count == 3)
            while let block = log.nextBlock(limit: LogUploader.blockSize) {
                log.confirm(upTo: block.offset + block.bytes.count)
            }
            #expect(names().count == 1)
            log.finish()
            log.confirm(upTo: 20 * line.utf8.count)
            #expect(names().isEmpty)
        }
    }

    @Test("pages of a worker that died are uploaded by who comes after, without doubling what the server has")
    func leftovers() async throws {
        try await ScratchFolder.with { folder in
            let record = UUID()
            let id = record.uuidString.lowercased()
            let reporter = MemoryReporter()
            let number = try await reporter.createLog(path: "logs\\\(id)")
            let log = RecordLog(record: id, folder: folder)
            log.note(number: number)
            Self.write("one\n", to: log)
            try await reporter.append(Array("one\n".utf8), toLog: number, at: 0)
            log.confirm(upTo: 4)
            Self.write("two\nthree\n", to: log)
            try await LogLeftovers.upload(folder: folder, to: reporter)
            #expect(reporter.log(record) == "one\ntwo\nthree\n")
            #expect(FileManager.default.fileExists(atPath: folder) == false)
        }
    }

    @Test("a page that cannot be written is told as a loss")
    func noSpace() {
        let log = RecordLog(record: "r", folder: "/proc/nowhere")
        Self.write("gone\n", to: log)
        #expect(log.loss?.bytes == 5)
        #expect(log.pending == 0)
    }
}
