import Foundation
import RoostModel

/// What a person is asked on the terminal.
enum Question {
    /// Reads a secret: from a person without showing it, else the first line of standard input.
    ///
    /// - Parameter prompt: shown to a person only.
    /// - Returns: the line without blanks around it; nil when there is none.
    /// - Throws: ``Interruption`` for Ctrl-C.
    static func secret(_ prompt: String) throws -> Secret? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine().flatMap(secret(of:)) }
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine().flatMap(secret(of:)) }
        var quiet = before
        // Signals are off too: Ctrl-C must not leave the terminal silent. It ends the line instead, and is looked for in it.
        quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
        withUnsafeMutableBytes(of: &quiet.c_cc) { $0[Int(VEOL)] = 3 }
        FileHandle.standardError.write(Data(prompt.utf8))
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSANOW, &before)
            Terminal.printError("")
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            if byte == 3 { throw Interruption() }
            line.append(byte)
        }
        return secret(of: String(decoding: line, as: UTF8.self))
    }

    private static func secret(of line: String) -> Secret? {
        let trimmed = line.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : Secret(trimmed)
    }
}
