import Crypto
import Foundation
import RoostClient
import RoostTesting
import Testing

@testable import RoostLookup
@testable import RoostTemplate

@Suite("Servers that keep values for templates")
struct LookupServiceTests {
    private func environment(_ address: String, _ more: [String: String] = [:]) -> LookupEnvironment {
        let variables = [
            "VAULT_ADDR": address, "VAULT_TOKEN": "v-token", "VAULT_NAMESPACE": "team", "CONSUL_HTTP_ADDR": address,
            "CONSUL_HTTP_TOKEN": "c-token", "CONSUL_NAMESPACE": "team", "AWS_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "aws-hush", "AWS_ENDPOINT_URL": address,
        ]
        return LookupEnvironment(
            variables: variables.merging(more) { _, new in new }.filter { !$0.value.isEmpty },
            homeFolder: "/nowhere",
            userAgent: "test",
            now: { Date(timeIntervalSince1970: 1_440_938_160) }
        )
    }

    /// The value as JSON, or why there is none.
    private func answer(_ lookup: TemplateLookup, _ environment: LookupEnvironment) async -> String {
        let service = LookupService(environment, allowing: [.secrets, .dataSources])
        switch await service.answers([lookup])[lookup] {
        case .found(let value): return value.json
        case .failed(let reason): return reason
        case nil: return "nothing"
        }
    }

    @Test("values of all stores are found, and their tokens are sent where they belong only")
    func values() async throws {
        try await ScriptedStores.with { stores in
            let environment = environment(stores.address)
            let expected: [(TemplateLookup, String)] = [
                (.vault(path: "/secret/data/app", key: "user"), "\"ann\""),
                (.vault(path: "secret/data/app", key: "port"), "\"8080\""),
                (.vault(path: "secret/data/app", key: "on"), "\"true\""),
                (.vault(path: "old/my app", key: "user"), "\"bob\""),
                (.consul(key: "app/web port"), "\"8080\""),
                (.awsSecret(name: "plain", key: nil), "\"text\""), (.awsSecret(name: "plain", key: "x"), "\"text\""),
                (.awsSecret(name: "one", key: nil), "\"v\""), (.awsSecret(name: "several", key: "port"), "\"8080\""),
                (.awsSecret(name: "list", key: nil), "\"[1]\""),
                (.awsSecretText(name: "one"), "\"{\\\"k\\\":\\\"v\\\"}\""),
            ]
            for (lookup, value) in expected { #expect(await answer(lookup, environment) == value) }
            let seen = stores.requests
            for request in seen {
                let isVault = request.headers["x-vault-token"] != nil
                let isConsul = request.headers["x-consul-token"] != nil
                let isAWS = request.headers["authorization"] != nil
                #expect([isVault, isConsul, isAWS].filter(\.self).count == 1, "\(request.line)")
                if isVault { #expect(request.headers["x-vault-namespace"] == "team") }
            }
        }
    }

    @Test("why there is no value is said, with the address and what to do, and without secrets")
    func failures() async throws {
        try await ScriptedStores.with { stores in
            let address = stores.address
            let expected: [(TemplateLookup, [String: String], String)] = [
                (
                    .vault(path: "secret/app", key: "user"), [:],
                    "Vault has nothing at this path: Invalid path for a versioned K/V secrets engine (\(address)/v1/secret/app). In stores of version 2 the path has data after the name of the store, such as secret/data/name."
                ),
                (
                    .vault(path: "secret/data/app", key: "usr"), [:],
                    "The secret has no key \"usr\" (\(address)/v1/secret/data/app). Name one that it has. It has list, on, port, user."
                ),
                (
                    .vault(path: "secret/data/app", key: "list"), [:],
                    "The value of the key \"list\" is no text (\(address)/v1/secret/data/app). Store it as a text."
                ),
                (
                    .vault(path: "secret/data/app", key: "user"), ["VAULT_TOKEN": "wrong-token"],
                    "Vault answers with status 403: permission denied for ••• (\(address)/v1/secret/data/app). Look whether VAULT_TOKEN is still valid and may read the path, and VAULT_NAMESPACE is right."
                ),
                (
                    .vault(path: "sys", key: "x"), [:],
                    "Vault answers with status 503: Vault is sealed (\(address)/v1/sys). Unseal Vault, or set VAULT_ADDR to a server that is not sealed."
                ),
                (
                    .vault(path: "a", key: "b"), ["VAULT_TOKEN": ""],
                    "The environment has no VAULT_TOKEN. Log in with 'vault login', and export VAULT_TOKEN."
                ),
                (
                    .vault(path: "a", key: "b"), ["VAULT_ADDR": "http://127.0.0.1:1"],
                    "Vault cannot be reached: nobody listens there (connection refused) (http://127.0.0.1:1/v1/a). Look whether VAULT_ADDR is right (it is http://127.0.0.1:1)."
                ),
                (
                    .vault(path: "a", key: "b"), ["VAULT_CACERT": "/no/file"],
                    "There is no secure connection to Vault: the authority file /no/file cannot be read. Look whether VAULT_ADDR is right (it is \(address)), and VAULT_CACERT names its authority."
                ),
                (
                    .consul(key: "none"), [:],
                    "Consul has no key \"none\" (\(address)/v1/kv/none?ns=team). Look at 'consul kv get -keys'."
                ),
                (
                    .consul(key: "empty"), [:],
                    "The key \"empty\" has an empty value (\(address)/v1/kv/empty?ns=team). Store a value with 'consul kv put'."
                ),
                (
                    .consul(key: "empty"), ["CONSUL_HTTP_TOKEN": "other"],
                    "Consul answers with status 403: ACL not found (\(address)/v1/kv/empty?ns=team). Look whether CONSUL_HTTP_TOKEN may read the key."
                ),
                (
                    .awsSecret(name: "none", key: nil), [:],
                    "AWS Secrets Manager has no secret \"none\" (\(address)). Look whether the name and the region are right."
                ),
                (
                    .awsSecret(name: "several", key: nil), [:],
                    "The secret \"several\" has several keys, and none is named (\(address)). Name one of deep, port, user."
                ),
                (
                    .awsSecret(name: "several", key: "deep"), [:],
                    "The value of the key \"deep\" is no text (\(address)). Take the whole secret with aws_secretsmanager_raw and decode it."
                ),
                (
                    .awsSecret(name: "plain", key: nil), ["AWS_ACCESS_KEY_ID": "OTHER"],
                    "AWS Secrets Manager answers with status 400: UnrecognizedClientException: The security token included in the request is invalid (\(address)). Look whether the AWS keys are right and have not ended, and the clock is right."
                ),
                (
                    .awsSecret(name: "plain", key: nil), ["AWS_REGION": ""],
                    "No AWS region is set. Export AWS_REGION, or write region = … for the profile \"default\" in ~/.aws/config."
                ),
                (
                    .http(TemplateRequest(url: "\(address)/none")), [:],
                    "The server answers with status 404 (\(address)/none)."
                ),
                (
                    .http(TemplateRequest(url: "nonsense")), [:],
                    "'nonsense' is no address of The server. Look whether the url of the data source is right."
                ),
            ]
            for (lookup, variables, reason) in expected {
                #expect(await answer(lookup, environment(address, variables)) == reason)
            }
        }
    }

    @Test("pages are fetched with their method, headers and body, and redirects are followed")
    func pages() async throws {
        try await ScriptedStores.with { stores in
            let put = TemplateRequest(url: "\(stores.address)/page", method: "PUT", headers: ["X-Mine": "1"], body: "b")
            let environment = environment(stores.address)
            let service = LookupService(environment, allowing: .dataSources)
            let answers = await service.answers([.http(put), .vault(path: "secret/data/app", key: "user")])
            #expect(answers.count == 1, "secrets may not be asked for")
            guard case .found(let value)? = answers[.http(put)] else { throw TestFailure("there is no answer") }
            #expect(value.attributes?["body"]?.text == "1/b")
            #expect(value.attributes?["url"]?.text == put.url)
            #expect(value.attributes?["request_headers"]?.attributes?["Content-Type"]?.text == "application/json")
            let moved = await answer(.http(TemplateRequest(url: "\(stores.address)/moved")), environment)
            #expect(moved.contains("\"body\":\"a page\""))
        }
    }

    // MARK: AWS

    /// The example and the test suite that AWS publishes for version 4 of its signature.
    @Test(
        "requests are signed as AWS does it",
        arguments: [
            (
                "GET", "/", [("Action", "ListUsers"), ("Version", "2010-05-08")], "iam", "iam.amazonaws.com",
                "application/x-www-form-urlencoded; charset=utf-8",
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
            ),
            (
                "GET", "/", [], "service", "example.amazonaws.com", "",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
            ),
            (
                "POST", "/", [], "service", "example.amazonaws.com", "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
            ),
        ] as [(String, String, [(String, String)], String, String, String, String)]
    )
    func signature(
        _ method: String,
        _ path: String,
        _ query: [(String, String)],
        _ service: String,
        _ host: String,
        _ type: String,
        _ expected: String
    ) {
        let signature = AWSSignature(
            keyID: "AKIDEXAMPLE",
            key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: service,
            date: Date(timeIntervalSince1970: 1_440_938_160)
        )
        var headers = [(name: "Host", value: host), (name: "X-Amz-Date", value: signature.timestamp)]
        if !type.isEmpty { headers.append((name: "Content-Type", value: type)) }
        let line = signature.authorization(
            method,
            path: path,
            query: query.map { (name: $0.0, value: $0.1) },
            headers: headers,
            body: Data()
        )
        #expect(signature.timestamp == "20150830T123600Z")
        #expect(line.hasSuffix("Signature=\(expected)"))
        if service == "iam" {
            let key = signature.signingKey.withUnsafeBytes { AWSSignature.hex($0) }
            #expect(key == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
        }
    }

    @Test("what is sent to AWS is what was signed")
    func signed() async throws {
        try await ScriptedStores.with { stores in
            let environment = environment(stores.address, ["AWS_SESSION_TOKEN": "session"])
            #expect(await answer(.awsSecretText(name: "plain"), environment) == "\"text\"")
            let request = try #require(stores.requests.first)
            let names = ["content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"]
            let signature = AWSSignature(
                keyID: "AKID",
                key: "aws-hush",
                region: "us-west-2",
                service: "secretsmanager",
                date: environment.now()
            )
            let line = signature.authorization(
                "POST",
                path: "/",
                headers: names.map { (name: $0, value: request.headers[$0] ?? "") },
                body: Data(request.body.utf8)
            )
            #expect(request.headers["authorization"] == line)
            #expect(request.headers["x-amz-security-token"] == "session")
        }
    }

    @Test("keys, region and endpoint come from the environment, else from the files of the profile")
    func files() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/.aws", withIntermediateDirectories: true)
        let credentials = """
            [default]
            aws_access_key_id = ID1
            aws_secret_access_key=KEY1
            # a comment
            [work]
            AWS_ACCESS_KEY_ID = ID2
            aws_secret_access_key = KEY2 == x
            aws_session_token = T2
            """
        let settings = """
            [default]
            region = eu-west-1
            s3 =
                region = nested
            [profile work]
            region = cn-north-1
            [profile sso]
            sso_session = x
            """
        try Data(credentials.utf8).write(to: URL(filePath: "\(folder.path)/.aws/credentials"))
        try Data(settings.utf8).write(to: URL(filePath: "\(folder.path)/.aws/config"))
        let configuration = { (variables: [String: String]) in
            AWSConfiguration(
                environment: LookupEnvironment(variables: variables, homeFolder: folder.path, userAgent: "t")
            )
        }
        #expect(try configuration([:]).credentials() == .init(keyID: "ID1", key: "KEY1", sessionToken: nil))
        #expect(try configuration([:]).region() == "eu-west-1")
        let work = configuration(["AWS_PROFILE": "work"])
        #expect(try work.credentials() == .init(keyID: "ID2", key: "KEY2 == x", sessionToken: "T2"))
        #expect(work.secretsEndpoint(try work.region()) == "https://secretsmanager.cn-north-1.amazonaws.com.cn")
        let given = ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://one/", "AWS_ENDPOINT_URL": "http://two"]
        #expect(configuration(given).secretsEndpoint("us-east-1") == "http://one")
        do {
            _ = try configuration(["AWS_PROFILE": "sso"]).credentials()
            Issue.record("a profile without keys has some")
        } catch {
            #expect(error.summary == "The AWS profile \"sso\" has no keys: it has sso_session, which is not followed.")
        }
    }

    @Test(
        "addresses of Consul are read as its own programs do",
        arguments: [
            ("", "", "http://127.0.0.1:8500/v1/kv/a/b"), ("host:1", "", "http://host:1/v1/kv/a/b"),
            ("host:1", "true", "https://host:1/v1/kv/a/b"), ("https://host/", "", "https://host/v1/kv/a/b"),
            ("unix:///run/consul.sock", "", "http+unix://%2Frun%2Fconsul.sock/v1/kv/a/b"),
        ]
    )
    func consulAddress(_ address: String, _ secure: String, _ expected: String) {
        let environment = LookupEnvironment(
            variables: ["CONSUL_HTTP_ADDR": address, "CONSUL_HTTP_SSL": secure],
            homeFolder: "/",
            userAgent: "t"
        )
        #expect(ConsulReader(environment: environment).url("/a/b") == expected)
    }
}
