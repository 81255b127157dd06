public import FoundationEssentials

/// The JSON of an Image Builder template, as far as the server has to know it.
public struct ImageTemplateDocument: Sendable {
    private let root: [String: PlainJSON]

    /// Nil for anything but an object of plain JSON.
    public init?(_ data: Data) {
        guard let value = try? JSONDecoder().decode(PlainJSON.self, from: data), case .object(let root) = value else {
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
            Self.members(root["properties"]),
            Self.members(other.root["properties"]),
            except: ["distribute", "vmProfile"]
        )
        return outer + inner.map { "properties.\($0)" }
    }

    private static func members(_ value: PlainJSON?) -> [String: PlainJSON] {
        if case .object(let members)? = value { members } else { [:] }
    }

    private static func differences(
        _ left: [String: PlainJSON],
        _ right: [String: PlainJSON],
        except: Set<String>
    ) -> [String] {
        Set(left.keys).union(right.keys).filter { !except.contains($0) && left[$0] != right[$0] }.sorted()
    }
}
