import ArgumentParser

/// `roost test`: the group of commands about test results and coverage.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Look at test results of runs.",
        discussion: """
            Examples:
              roost test list 12 --outcome failed
              roost test history 'shop.CartTest.adds'
              roost test flaky app
            """,
        subcommands: [
            TestList.self, TestShow.self, TestHistory.self, TestFlaky.self, TestCoverage.self,
        ]
    )
}
