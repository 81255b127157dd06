import RoostLanguage

/// What a file of Image Builder is.
enum ImageBuilderDocument {
    /// A template by itself.
    case template(HCLJSONNode)
    /// A deployment, in which templates are resources.
    case deployment(HCLJSONNode)
    /// What makes a template run again when its source changes.
    case trigger(HCLJSONNode)

    init(_ root: HCLJSONNode) {
        let properties = root.property("properties")
        if root.property("resources") != nil || root.text("$schema")?.contains("deploymentTemplate") == true {
            self = .deployment(root)
        } else if root.text("type")?.lowercased().hasSuffix("/triggers") == true
            || (properties?.property("kind") != nil && properties?.property("source") == nil)
        {
            self = .trigger(root)
        } else {
            self = .template(root)
        }
    }

    /// Reads JSON as the tools of Azure do: with comments, and with a byte order mark.
    static func file(_ bytes: [UInt8], name: String) -> HCLFile {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        return HCLFile(json: withoutComments(bytes), name: name)
    }

    /// The same bytes with blanks in the place of comments, so that everything keeps its place.
    private static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "/")) else { return bytes }
        var (result, place, isText) = (bytes, 0, false)
        while place < bytes.count {
            let byte = bytes[place]
            if isText {
                if byte == UInt8(ascii: "\\") { place += 1 }
                if byte == UInt8(ascii: "\"") || byte == 0x0A { isText = false }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if let end = commentEnd(bytes, place) {
                for index in place..<end where bytes[index] != 0x0A { result[index] = 0x20 }
                place = end
                continue
            }
            place += 1
        }
        return result
    }

    private static func commentEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard bytes[start] == UInt8(ascii: "/"), start + 1 < bytes.count else { return nil }
        if bytes[start + 1] == UInt8(ascii: "/") { return bytes[start...].firstIndex(of: 0x0A) ?? bytes.count }
        guard bytes[start + 1] == UInt8(ascii: "*") else { return nil }
        var place = start + 2
        while place + 1 < bytes.count {
            if bytes[place] == UInt8(ascii: "*"), bytes[place + 1] == UInt8(ascii: "/") { return place + 2 }
            place += 1
        }
        return nil
    }
}

extension HCLFile {
    /// The root of a file of JSON.
    var jsonRoot: HCLJSONNode? {
        guard case .json(let body) = body.form else { return nil }
        return body.node
    }

    /// The properties of the object that a file of JSON holds.
    var properties: [HCLJSONNode.Property]? {
        guard case .object(let properties)? = jsonRoot?.form else { return nil }
        return properties
    }
}

extension HCLJSONNode {
    /// A property of an object.
    func property(_ name: String) -> HCLJSONNode? {
        guard case .object(let properties) = form else { return nil }
        return properties.first { $0.name == name }?.value
    }

    /// A property that is a text.
    func text(_ name: String) -> String? {
        guard case .string(let text, _)? = property(name)?.form else { return nil }
        return text
    }
}
