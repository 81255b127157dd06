/// A line of a step's log as a terminal shows it.
enum LogLine {
    /// Takes the time away if asked, and shows the agent's marks (`##[error]`, `##[section]`, …) in colour.
    static func render(_ line: String, _ terminal: Terminal, keepsTime: Bool) -> String {
        let (time, text) = split(line)
        let shown = colored(text, terminal)
        return keepsTime && !time.isEmpty ? "\(terminal.styled(String(time), .dim)) \(shown)" : shown
    }

    /// The time `2026-11-24T10:11:12.1234567Z` before a blank, and the rest.
    static func split(_ line: String) -> (time: Substring, text: Substring) {
        let bytes = line.utf8
        guard let end = bytes.index(bytes.startIndex, offsetBy: 28, limitedBy: bytes.endIndex) else {
            return ("", line[...])
        }
        let head = line[..<end]
        let shape = head.utf8.map { (48...57).contains($0) ? UInt8(ascii: "0") : $0 }
        guard shape == Array("0000-00-00T00:00:00.0000000Z".utf8) else { return ("", line[...]) }
        let rest = line[end...]
        return (head, rest.first == " " ? rest.dropFirst() : rest)
    }

    private static func colored(_ text: Substring, _ terminal: Terminal) -> String {
        guard text.hasPrefix("##["), let close = text.firstIndex(of: "]") else { return String(text) }
        let mark = text[text.index(text.startIndex, offsetBy: 3)..<close].lowercased()
        let rest = String(text[text.index(after: close)...])
        switch mark {
        case "error": return terminal.styled("error: \(rest)", .red)
        case "warning": return terminal.styled("warning: \(rest)", .yellow)
        case "section": return terminal.styled(rest, .green)
        case "command": return terminal.styled(rest, .cyan)
        case "debug": return terminal.styled(rest, .dim)
        case "group": return terminal.styled("▸ \(rest)", .bold)
        case "endgroup": return ""
        default: return String(text)
        }
    }
}
