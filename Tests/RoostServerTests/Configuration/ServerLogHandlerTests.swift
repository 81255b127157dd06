import Foundation
import Logging
import RoostServer
import Synchronization
import Testing

@Suite("Log lines")
struct ServerLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func lines(_ flags: [String: String], _ write: (Logger) -> Void) throws -> [String] {
        let lines = Lines()
        let configuration = try ServerConfiguration.load(flags: flags)
        let logger = Logger(label: "roost.test") { label in
            ServerLogHandler(label: label, configuration: configuration) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        write(logger)
        return lines.all.withLock { $0 }
    }

    @Test("text has time, level, label, message and facts on one line, whatever came over the wire")
    func text() throws {
        let written = try lines([:]) { logger in
            logger.debug("too low")
            logger.notice("listening\nnow", metadata: ["port": "80", "name": "a b"])
        }
        let line = try #require(written.first)
        #expect(written.count == 1)
        #expect(line.hasSuffix("Z notice roost.test: listening now name=\"a b\" port=80\n"))
        #expect(line.prefix(24).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test("JSON is one object on each line")
    func json() throws {
        let written = try lines(["log-format": "json", "log-level": "debug"]) { logger in
            logger.debug("a \"request\"", metadata: ["status": "200"])
        }
        let object = try JSONDecoder().decode([String: String].self, from: Data(#require(written.first).utf8))
        #expect(object["message"] == "a \"request\"")
        #expect(object["level"] == "debug")
        #expect(object["status"] == "200")
    }
}
