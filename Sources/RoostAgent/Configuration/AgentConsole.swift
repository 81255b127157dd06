import CRoostLinux
import Glibc

/// The person in front of an agent's command line.
protocol AgentConsole: Sendable {
    /// Shows a line.
    func say(_ line: String)
    /// Shows a line about something that is wrong.
    func complain(_ line: String)
    /// Asks and gives what was answered, without the line's end; nil when there is nobody to answer.
    ///
    /// - Parameters:
    ///   - question: ends without a blank.
    ///   - isSecret: the answer is not shown while it is typed.
    /// - Returns: the answer; nil at the end of input.
    func ask(_ question: String, isSecret: Bool) -> String?
    /// Reads a line that is not shown, without a question; nil at the end of input.
    func secretLine() -> String?
}

/// Standard input, output and error.
struct TerminalConsole: AgentConsole {
    func say(_ line: String) { write("\(line)\n", to: 1) }

    func complain(_ line: String) { write("\(line)\n", to: 2) }

    func ask(_ question: String, isSecret: Bool) -> String? {
        write("\(question) > ", to: 1)
        return isSecret ? secretLine() : readPlainLine()
    }

    func secretLine() -> String? { isatty(0) == 1 ? readHiddenLine() : readPlainLine() }

    private func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Byte by byte, so that nothing is taken from a pipe that is meant for a later question.
    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            return count == 1 ? byte : nil
        }
    }

    private func readPlainLine() -> String? {
        var bytes: [UInt8] = []
        while let byte = readByte() {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            if byte != UInt8(ascii: "\r") { bytes.append(byte) }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Reads without echo.
    ///
    /// Signals of the keyboard are switched off too, so that Ctrl-C cannot leave a terminal behind that shows nothing.
    private func readHiddenLine() -> String? {
        guard roost_terminal_raw(0, 1) == 0 else { return readPlainLine() }
        var bytes: [UInt8] = []
        defer {
            _ = roost_terminal_raw(0, 0)
            write("\n", to: 1)
        }
        while let byte = readByte() {
            switch byte {
            case 10, 13: return String(decoding: bytes, as: UTF8.self)
            // Ctrl-C and Ctrl-D give up.
            case 3, 4: return nil
            case 8, 127: if !bytes.isEmpty { bytes.removeLast() }
            // Ctrl-U begins anew.
            case 21: bytes.removeAll()
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
