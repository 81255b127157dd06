import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List who changed what, export it, and verify that nobody changed that.",
        discussion: """
            Examples:
              roost audit --limit 20
              roost audit export --to audit.jsonl
              roost audit verify audit.jsonl
            """,
        subcommands: [AuditList.self, AuditExport.self, AuditVerify.self],
        defaultSubcommand: AuditList.self
    )
}
