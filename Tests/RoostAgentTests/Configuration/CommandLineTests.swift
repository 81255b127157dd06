import Testing

@testable import RoostAgent

@Suite("The agent's command line")
struct CommandLineTests {
    struct Case: Sendable {
        var words: [String]
        var verb: AgentVerb
        var values: [String: String]
    }

    @Test(
        "verbs and options are understood in any letter case and both spellings",
        arguments: [
            Case(words: [], verb: .run, values: [:]),
            Case(words: ["--ONCE"], verb: .run, values: ["once": "true"]),
            Case(
                words: ["Configure", "--Unattended", "--URL", "https://h/o", "--auth=pat", "--acceptTeeEula"],
                verb: .configure,
                values: ["unattended": "true", "url": "https://h/o", "auth": "pat", "acceptteeeula": "true"]
            ),
            Case(words: ["remove", "--token", "-x"], verb: .remove, values: ["token": "-x"]),
            Case(words: ["run", "--once=false", "-h"], verb: .run, values: ["once": "false", "help": "true"]),
            Case(words: ["configure", "--runasservice=false"], verb: .configure, values: ["runasservice": "false"]),
        ]
    )
    func parsing(_ wanted: Case) throws {
        let line = try AgentCommandLine(parsing: wanted.words)
        #expect(line.verb == wanted.verb)
        #expect(line.values == wanted.values)
    }

    @Test(
        "what is not understood is refused with the next best name",
        arguments: [
            (["--untended"], CommandLineFault.unknownOption("untended", near: "unattended")),
            (["confgure"], .unknownVerb("confgure", near: "configure")),
            (["run", "remove"], .unknownVerb("remove", near: nil)),
            (["configure", "--url"], .missingValue("url")),
            (["configure", "--url", "--pool"], .missingValue("url")),
            (["configure", "--url", "a", "--URL", "b"], .givenTwice("url")),
            (["run", "--url", "a"], .otherVerb("url", verb: .run, verbs: ["configure"])),
            (["configure", "--replace=perhaps"], .noFlagValue("replace", "perhaps")),
            (
                ["configure", "--deploymentgroup"],
                .refused("deploymentgroup", reason: "this agent joins pools only; give --pool")
            ),
            (["-x"], .unexpectedWord("-x")),
        ]
    )
    func refusals(words: [String], fault: CommandLineFault) {
        let met = #expect(throws: CommandLineFault.self) { _ = try AgentCommandLine(parsing: words) }
        if words == ["run", "remove"] {
            #expect(met == .unexpectedWord("remove"))
        } else {
            #expect(met == fault)
        }
    }

    @Test("variables stand in for the command line, which wins; misspelt ones are named")
    func variables() throws {
        let line = try AgentCommandLine(parsing: ["configure", "--pool", "linux"])
        let inputs = AgentInputs(
            line,
            variables: [
                "VSTS_AGENT_INPUT_URL": "https://h/o", "VSTS_AGENT_INPUT_POOL": "other",
                "VSTS_AGENT_INPUT_REPLACE": "1",
                "VSTS_AGENT_INPUT_TOKN": "x", "VSTS_AGENT_INPUT_ONCE": "", "HOME": "/root",
                "VSTS_AGENT_INPUT_GITUSESCHANNEL": "true",
            ]
        )
        #expect(inputs.text("url") == "https://h/o")
        #expect(inputs.text("pool") == "linux")
        #expect(inputs.flag("replace"))
        #expect(!inputs.flag("once"))
        #expect(
            inputs.notices.first
                == "The variable VSTS_AGENT_INPUT_TOKN is not known; did you mean VSTS_AGENT_INPUT_TOKEN?"
        )
        #expect(inputs.notices.last?.contains("--gituseschannel") == true)
    }

    @Test("every option has one row in the table, a line of help or a reason to be left out, and an effect")
    func completeness() {
        let names = AgentOption.all.map(\.name)
        #expect(Set(names).count == names.count)
        let help = AgentHelp.text(nil)
        for option in AgentOption.all {
            #expect(option.name == option.name.lowercased() && !option.summary.isEmpty && !option.verbs.isEmpty)
            #expect(help.contains("  --\(option.name) ") != option.isHidden, "--\(option.name)")
            #expect(option.variables.contains("VSTS_AGENT_INPUT_\(option.name.uppercased())"))
        }
        let documented = [
            "auth", "token", "username", "password", "clientid", "tenantid", "clientsecret", "launchbrowser",
            "unattended", "help",
            "version", "url", "pool", "agent", "work", "replace", "acceptteeeula", "alwaysextracttask", "once",
            "disableloguploads",
            "restreamlogstofiles", "gituseschannel", "projectname", "collectionname", "monitorsocketaddress",
            "notificationpipename",
            "notificationsocketaddress", "deploymentgroup", "deploymentgroupname", "adddeploymentgrouptags",
            "deploymentgrouptags",
            "deploymentpool", "deploymentpoolname", "machinegroup", "machinegroupname", "addmachinegrouptags",
            "machinegrouptags",
            "environment", "environmentname", "addvirtualmachineresourcetags", "virtualmachineresourcetags", "proxyurl",
            "proxyusername", "proxypassword", "usebasicauthforproxy", "sslcacert", "sslclientcert", "sslclientcertkey",
            "sslclientcertarchive", "sslclientcertpassword", "sslskipcertvalidation", "runasservice", "runasautologon",
            "overwriteautologon", "norestart", "preventservicestart", "windowslogonaccount", "windowslogonpassword",
            "enableservicesidtypeunrestricted", "startuptype", "commit", "diagnostics", "debug",
        ]
        #expect(Set(documented).subtracting(names).isEmpty)
    }

    @Test("the help of a verb shows its options only, and all exit codes")
    func help() {
        let text = AgentHelp.text(.run)
        #expect(
            text.hasPrefix("Listen for jobs (also when no command is given).\n\nUsage: roost-agent run [options]\n")
        )
        #expect(text.contains("--grace <seconds>") && !text.contains("--replace"))
        for exit in ListenerExit.allCases { #expect(text.contains("\n  \(exit.rawValue)  \(exit.meaning)")) }
    }
}
