/// The regions that the configuration names, such as `west=/srv/west, east=/mnt/east`.
public struct ImageRegionList: Sendable, Hashable, ConfigurationValue {
    /// Folders by name.
    public var folders: [String: String]

    /// No region but `local`.
    public init(folders: [String: String] = [:]) { self.folders = folders }

    static var kind: String { "name=folder, …" }

    init(configuration text: String) throws(ValueProblem) {
        folders = [:]
        for part in text.split(separator: ",").map({ $0.drop { $0 == " " } }) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, Self.isName(pair[0]) else {
                throw ValueProblem(
                    "'\(part)' is no region; write NAME=FOLDER, with letters, digits and dashes in the name"
                )
            }
            guard folders.updateValue(String(pair[1]), forKey: pair[0].lowercased()) == nil else {
                throw ValueProblem("the region '\(pair[0])' is named twice")
            }
        }
        let places = folders.values.sorted()
        if let twice = zip(places, places.dropFirst()).first(where: ==) {
            throw ValueProblem("two regions have the folder '\(twice.0)'")
        }
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 40
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    var configurationText: String {
        folders.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
