public import FoundationEssentials

/// The JSON of an Image Builder template, as far as the server has to know it.
public struct ImageTemplateDocument: Sendable {
    private indirect enum Value: Hashable, Decodable {
        case null
        case truth(Bool)
        case number(Double)
        case text(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let truth = try? container.decode(Bool.self) {
                self = .truth(truth)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        var members: [String: Value] { if case .object(let members) = self { members } else { [:] } }
    }

    private let root: [String: Value]

    /// Nil for anything but an object of plain JSON.
    public init?(_ data: Data) {
        guard let value = try? JSONDecoder().decode(Value.self, from: data), case .object(let root) = value else {
            return nil
        }
        self.root = root
    }

    /// Whether it has the form of a template, by itself or in a deployment.
    public var isTemplate: Bool { root["properties"] != nil || root["resources"] != nil }

    /// Properties that differ from another document's and may not, such as `properties.source`.
    ///
    /// Changeable are tags, the identity, `properties.distribute` and `properties.vmProfile`, as Azure has it.
    public func fixedDifferences(from other: ImageTemplateDocument) -> [String] {
        let outer = Self.differences(root, other.root, except: ["tags", "identity", "properties"])
        let inner = Self.differences(
            root["properties"]?.members ?? [:],
            other.root["properties"]?.members ?? [:],
            except: ["distribute", "vmProfile"]
        )
        return outer + inner.map { "properties.\($0)" }
    }

    private static func differences(
        _ left: [String: Value],
        _ right: [String: Value],
        except: Set<String>
    ) -> [String] {
        Set(left.keys).union(right.keys).filter { !except.contains($0) && left[$0] != right[$0] }.sorted()
    }
}
