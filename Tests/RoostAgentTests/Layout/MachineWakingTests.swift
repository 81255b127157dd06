import Foundation
import Glibc
import RoostTesting
import Testing

@testable import RoostAgent

@Suite("What a machine hears that goes on in a saved memory", .timeLimit(.minutes(1)))
struct MachineWakingTests {
    /// A terminal stands for the serial port; the test is at its other end.
    private final class Port: Sendable {
        let path: String
        private let master: FileHandle
        /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
        private static let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

        init() throws {
            let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            var (number, isLocked): (Int32, Int32) = (0, 0)
            guard descriptor >= 0, ioctl(descriptor, Self.unlock, &isLocked) == 0,
                ioctl(descriptor, Self.getNumber, &number) == 0
            else { throw TestFailure("there is no terminal") }
            path = "/dev/pts/\(number)"
            master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }

        func say(_ text: String) throws { try master.write(contentsOf: Data(text.utf8)) }

        /// Everything that was said up to a line.
        func heard(until line: String) throws -> String {
            var text = ""
            while !text.hasSuffix("\(line)\n") {
                guard let data = try master.read(upToCount: 1) else { throw TestFailure("only '\(text)'") }
                text += String(decoding: data, as: UTF8.self)
            }
            return text
        }
    }

    /// It waits on a thread of its own, since these block.
    private static func wait(at path: String) -> AsyncStream<Result<[String], ConfigurationFailure>> {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<[String], ConfigurationFailure>.self)
        Thread.detachNewThread {
            continuation.yield(Result { () throws(ConfigurationFailure) in try MachineWaking(port: path).wait() })
            continuation.finish()
        }
        return stream
    }

    private static func end(
        _ wait: AsyncStream<Result<[String], ConfigurationFailure>>
    ) async throws -> Result<[String], ConfigurationFailure> {
        for await result in wait { return result }
        throw TestFailure("it did not end")
    }

    @Test("it says that it is ready, wakes when all of the word is heard, and gives what it was told")
    func lines() async throws {
        let port = try Port()
        let wait = Self.wait(at: port.path)
        #expect(try port.heard(until: "ready") == "ready\n")
        // Half of a word is what is left of one that came too early.
        try port.say("ake\n\nROOST_URL=http://too.soon\n\nwa")
        try port.say("ke\n\nwake\n")
        #expect(try port.heard(until: "awake") == "awake\n")
        try port.say("\nwake\nROOST_URL=http://10.0.2.100:81/\nROOST_TOKEN=a=b\nROOST_NAME=one\n\ngo\n")
        let given = try await Self.end(wait).get()
        #expect(given == ["ROOST_URL=http://10.0.2.100:81/", "ROOST_TOKEN=a=b", "ROOST_NAME=one"])
    }

    @Test("a port that is not there, and a time that is none are said, not crashed on")
    func wrong() async throws {
        #expect(throws: ConfigurationFailure.port("/dev/there-is-none", error: ENOENT)) {
            try MachineWaking(port: "there-is-none").wait()
        }
        for (text, failure) in [
            ("wake\nROOST_NOW=soon\n", ConfigurationFailure.ownState("clock", error: EINVAL)),
            ("wake\nROOST_NOW=1.5\n", .ownState("clock", error: EINVAL)),
        ] {
            let port = try Port()
            let wait = Self.wait(at: port.path)
            _ = try port.heard(until: "ready")
            try port.say(text)
            let result = try await Self.end(wait)
            #expect(throws: failure) { try result.get() }
        }
    }
}
