/// Replaces each `$(name)` that the closure has a value for; the others stay as they are.
///
/// Found from left to right: `$(`, then the next `)`. What was put in is not looked at again, and after a name without a value the search goes
/// on behind its `$(`, so that `$($(a))` expands the inner macro.
public func expandMacros(_ text: String, _ value: (String) -> String?) -> String {
    var result = ""
    var rest = Substring(text)
    while let macro = rest.firstMacro {
        if let replacement = value(String(macro.name)) {
            result += rest[..<macro.range.lowerBound]
            result += replacement
            rest = rest[macro.range.upperBound...]
        } else {
            let next = rest.utf8.index(macro.range.lowerBound, offsetBy: 2)
            result += rest[..<next]
            rest = rest[next...]
        }
    }
    return result.isEmpty ? String(rest) : result + rest
}

/// The names of the macros in a text, in order, each as often as it occurs.
public func macroNames(in text: String) -> [String] {
    var names: [String] = []
    var rest = Substring(text)
    while let macro = rest.firstMacro {
        names.append(String(macro.name))
        rest = rest[rest.utf8.index(macro.range.lowerBound, offsetBy: 2)...]
    }
    return names
}

extension Substring {
    /// The first `$(` with a `)` behind it.
    fileprivate var firstMacro: (name: Substring, range: Range<Index>)? {
        let bytes = utf8
        var search = bytes.startIndex
        while let dollar = bytes[search...].firstIndex(of: UInt8(ascii: "$")) {
            let open = bytes.index(after: dollar)
            guard open < bytes.endIndex else { return nil }
            guard bytes[open] == UInt8(ascii: "(") else {
                search = open
                continue
            }
            let start = bytes.index(after: open)
            guard let close = bytes[start...].firstIndex(of: UInt8(ascii: ")")) else { return nil }
            return (self[start..<close], dollar..<bytes.index(after: close))
        }
        return nil
    }
}
