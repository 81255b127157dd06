import Foundation
import Testing

@testable import RoostTemplate

@Suite("Schemas of components")
struct ComponentSchemaTests {
    /// All schemas by what they are of, those of blocks included.
    private static let schemas: [(name: String, schema: ComponentSchema)] = ComponentKind.allCases.flatMap { kind in
        (ComponentCatalog.standard.schemas[kind] ?? [:]).sorted { $0.key < $1.key }.flatMap { type, schema in
            withBlocks("\(kind.rawValue) \(type)", schema)
        }
    }

    private static func withBlocks(_ name: String, _ schema: ComponentSchema) -> [(String, ComponentSchema)] {
        let inner = schema.options.flatMap { option -> [(String, ComponentSchema)] in
            guard case .block(let inner, _) = option.kind else { return [] }
            return withBlocks("\(name) \(option.name)", inner)
        }
        return [(name, schema)] + inner
    }

    @Test("no option is there twice, and what is said of options is of options that are there")
    func consistency() {
        #expect(Self.schemas.count > 45)
        for (name, schema) in Self.schemas {
            let names = schema.options.map(\.name)
            #expect(Set(names).count == names.count, "an option of \(name) is there twice")
            for option in schema.options {
                #expect(option.newName.map(names.contains) ?? true, "\(option.name) of \(name)")
                #expect(!option.isRequired || option.replacement == nil, "\(option.name) of \(name)")
                if case .pattern(let pattern) = option.kind { #expect((try? Pattern(pattern)) != nil) }
            }
            #expect(schema.rules.allSatisfy { $0.text.hasSuffix(".") }, "a rule of \(name) has no text")
            for (wrong, right) in schema.mistakes {
                #expect(!names.contains(wrong) && names.contains(right), "\(wrong) of \(name)")
            }
        }
    }

    @Test("secrets are options whose names say so, and all of those are secret")
    func secrets() {
        // Names that speak of a secret, but are not one.
        let harmless: Set<String> = [
            "build_key_vault_secret_name", "vnc_use_password", "sas_token_duration", "client_cert_token_timeout",
        ]
        for (name, schema) in Self.schemas where name != "data source password" {
            for option in schema.options where !harmless.contains(option.name) {
                let words = ["password", "secret", "token", "jwt"]
                let speaksOfOne = words.contains { option.name.contains($0) }
                #expect(!speaksOfOne || option.isSensitive, "\(option.name) of \(name)")
            }
        }
    }

    @Test("everything that Packer 1.6.6 takes is known")
    func earlierPacker() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/packer-1.6.6-options.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == 28)
        for line in lines {
            let parts = line.split(separator: ": ").map(String.init)
            let component = CheckedComponent.name(parts[0])
            let schema = try #require(ComponentCatalog.standard.schema(of: component), "\(component)")
            let unknown = parts[1].split(separator: " ").map(String.init).filter { schema.option($0) == nil }
            #expect(unknown.isEmpty, "of \(component)")
        }
    }
}
