/// The names of an object's own properties, found without reading JSON whole, so that files with errors are recognised, too.
enum JSONRootKeys {
    static func of(_ bytes: [UInt8]) -> Set<String> {
        var (names, depth, place): (Set<String>, Int, Int) = ([], 0, 0)
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let end = textEnd(bytes, place + 1)
                if depth == 1, isName(bytes, after: end) {
                    names.insert(String(decoding: bytes[(place + 1)..<end], as: UTF8.self))
                }
                place = end
            default: break
            }
            place += 1
        }
        return names
    }

    /// Where the closing quote stands, or the end.
    private static func textEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, bytes.count)
    }

    private static func isName(_ bytes: [UInt8], after end: Int) -> Bool {
        var place = end + 1
        while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
        return place < bytes.count && bytes[place] == UInt8(ascii: ":")
    }
}
