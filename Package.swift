// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target, so that no module is judged more mildly than another.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// Products of other packages, named once.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationEssentialsCompat", package: "swift-nio")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "roost",
    defaultLocalization: "en",
    products: [
        .executable(name: "roost", targets: ["roost"]),
        .executable(name: "roost-agent", targets: ["roost-agent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // What the kernel offers only as C macros and variadic calls.
        .target(name: "CRoostLinux"),
        // Zstandard, of the system.
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // zlib, of the system: what ZIP archives are packed with.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // libcrypt, of the system: bcrypt.
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),

        .target(name: "RoostModel", dependencies: [collections, deque, crypto], swiftSettings: strict),
        .target(name: "RoostLanguage", dependencies: [collections], swiftSettings: strict),
        .target(
            name: "RoostPipeline",
            dependencies: ["RoostModel", "RoostLanguage", collections, yams],
            swiftSettings: strict
        ),
        .target(
            name: "RoostTemplate",
            dependencies: ["RoostLanguage", "CZlib", "CCrypt", crypto, cryptoExtras, yams],
            swiftSettings: strict
        ),
        .target(
            name: "RoostLookup",
            dependencies: [
                "RoostTemplate", "RoostImages", "RoostClient", "RoostWire", "RoostModel", crypto, nioSSL,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RoostImages",
            dependencies: [
                "RoostTemplate", "RoostLanguage", "RoostModel", "RoostContent", "CRoostLinux", crypto,
            ],
            swiftSettings: strict
        ),
        .target(name: "RoostControlGroups", dependencies: ["RoostModel"], swiftSettings: strict),
        .target(
            name: "RoostProviders",
            dependencies: ["RoostModel", "RoostImages", "RoostContent", "RoostControlGroups", "CRoostLinux"],
            swiftSettings: strict
        ),
        .target(name: "RoostLanguageServer", dependencies: ["RoostLanguage", "RoostPipeline"], swiftSettings: strict),
        .target(name: "RoostWire", dependencies: ["RoostModel", crypto, cryptoExtras, nioSSL], swiftSettings: strict),
        .target(
            name: "RoostContent",
            dependencies: ["RoostModel", "CRoostLinux", "CZstd", "CZlib", crypto],
            swiftSettings: strict
        ),
        .target(
            name: "RoostClient",
            dependencies: [
                "RoostWire", "RoostModel", "RoostContent", "CRoostLinux", asyncHTTPClient, crypto, cryptoExtras,
                logging, nioCore,
                nioHTTP1, nioPosix, nioSSL, nioFoundation,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RoostStore",
            dependencies: ["RoostModel", "CRoostLinux", grdb, logging, systemPackage],
            swiftSettings: strict
        ),
        .target(
            name: "RoostServer",
            dependencies: [
                "RoostModel", "RoostLanguage", "RoostPipeline", "RoostWire", "RoostContent", "RoostStore",
                "CRoostLinux",
                hummingbird, hummingbirdTLS, httpTypes, lifecycle, logging, mustache, crypto, cryptoExtras, nioCore,
                nioPosix, nioSSL, nioFoundation, collections, deque, jwtKit, x509, asyncHTTPClient,
                nioHTTP1,
            ],
            resources: [.embedInCode("Dashboard/Resources")],
            swiftSettings: strict
        ),
        .target(
            name: "RoostAgent",
            dependencies: [
                "RoostModel", "RoostLanguage", "RoostWire", "RoostContent", "RoostClient", "RoostControlGroups",
                "CRoostLinux", crypto, cryptoExtras, logging, nioCore, systemPackage, argumentParser,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "roost",
            dependencies: [
                "RoostModel", "RoostLanguage", "RoostPipeline", "RoostWire", "RoostContent", "RoostClient",
                "RoostStore", "RoostServer", "RoostAgent", "RoostLanguageServer", "RoostTemplate", "RoostLookup",
                "RoostImages", "RoostProviders",
                argumentParser,
                logging,
                lifecycle, unixSignals,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "roost-agent",
            dependencies: ["RoostModel", "RoostLanguage", "RoostWire", "RoostClient", "RoostAgent", argumentParser],
            swiftSettings: strict
        ),

        .target(
            name: "RoostTesting",
            dependencies: [
                "RoostModel", "RoostWire", "RoostClient", "RoostContent", "RoostStore", "RoostServer", "RoostAgent",
                asyncHTTPClient,
                logging, nioCore,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "RoostModelTests", dependencies: ["RoostModel"], swiftSettings: strict),
        .testTarget(name: "RoostLanguageTests", dependencies: ["RoostLanguage"], swiftSettings: strict),
        .executableTarget(
            name: "roost-bench",
            dependencies: [
                "RoostTesting", "RoostClient", "RoostWire", "RoostContent", "RoostModel", "RoostPipeline",
                "RoostLanguage", "RoostProviders", "roost",
                "roost-agent", argumentParser, nioCore, nioPosix,
            ],
            path: "Benchmarks/RoostBench",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "roost-machines",
            dependencies: [
                "RoostProviders", "RoostModel", argumentParser,
            ],
            path: "Benchmarks/RoostMachines",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "roost-faults",
            dependencies: [
                "RoostProviders", "RoostModel", "RoostTesting", "RoostServer", "RoostStore", "RoostAgent",
                "RoostClient", "RoostWire", "roost", "roost-agent",
                argumentParser, logging,
            ],
            path: "Benchmarks/RoostFaults",
            swiftSettings: strict
        ),
        .target(
            name: "RoostFuzzing",
            dependencies: ["RoostPipeline", "RoostTemplate", "RoostLanguage", "RoostModel"],
            path: "Benchmarks/RoostFuzzing",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "roost-fuzz",
            dependencies: ["RoostFuzzing", argumentParser],
            path: "Benchmarks/RoostFuzz",
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostPipelineTests",
            dependencies: ["RoostPipeline", "RoostLanguage", "RoostModel", "RoostFuzzing", collections],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostTemplateTests",
            dependencies: [
                "RoostTemplate", "RoostLookup", "RoostClient", "RoostLanguage", "RoostModel", "RoostTesting", "roost",
                crypto,
                hummingbird, httpTypes, nioCore, logging, lifecycle,
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostImagesTests",
            dependencies: [
                "RoostImages", "RoostTemplate", "RoostLanguage", "RoostModel", "RoostContent", "CRoostLinux",
                "RoostTesting", "roost", crypto, "RoostLookup", "RoostClient", hummingbird, httpTypes, nioCore, logging,
                lifecycle,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostProvidersTests",
            dependencies: [
                "RoostProviders", "RoostModel", "RoostImages", "RoostTesting", "RoostServer", "RoostClient",
                "RoostWire",
                "CRoostLinux", "roost", "roost-agent", "roost-machines",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostControlGroupsTests",
            dependencies: ["RoostControlGroups", "RoostModel", "RoostTesting"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostLanguageServerTests",
            dependencies: ["RoostLanguageServer", "RoostPipeline", "RoostLanguage", "RoostTesting", "roost"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostContentTests",
            dependencies: ["RoostContent", "RoostModel", "RoostTesting"],
            swiftSettings: strict
        ),
        .testTarget(name: "RoostWireTests", dependencies: ["RoostWire", "RoostModel"], swiftSettings: strict),
        .testTarget(
            name: "RoostClientTests",
            dependencies: [
                "RoostClient", "RoostWire", "RoostModel", hummingbird, crypto, cryptoExtras, nioCore, logging,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "RoostStoreTests", dependencies: ["RoostStore", "RoostModel", grdb], swiftSettings: strict),
        .testTarget(
            name: "RoostAgentTests",
            dependencies: [
                "RoostAgent", "RoostClient", "RoostWire", "RoostContent", "RoostModel", "RoostLanguage",
                "RoostControlGroups", "CRoostLinux", "RoostTesting", logging,
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostServerTests",
            dependencies: [
                "RoostProviders", "roost",
                "RoostServer", "RoostStore", "RoostPipeline", "RoostWire", "RoostContent", "RoostClient", "RoostModel",
                "RoostLanguage", "RoostTesting", hummingbird,
                logging, nioCore, crypto, cryptoExtras, jwtKit, hummingbirdTLS, nioSSL,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RoostScenarioTests",
            dependencies: [
                "CRoostLinux", "RoostTesting", "RoostServer", "RoostAgent", "RoostClient", "RoostWire", "RoostContent",
                "RoostModel", "RoostProviders",
                "roost",
                "roost-agent", "roost-faults",
                logging, nioCore, nioPosix, yams,
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
