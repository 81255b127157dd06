extension TaskTable {
    /// Tasks that call a tool that builds.
    static let builds = """
        task Npm@1 | npm | Runs npm.
        - command ci|install|publish|custom! = install :: What npm does.
        - workingDir path :: The folder with package.json.
        - customCommand text! [command = custom] :: The command and its arguments.
        - verbose bool [command != custom] :: Print more.
        - customRegistry useNpmrc|useFeed [command != publish] = useNpmrc :: Where packages come from.
        - customFeed text! [customRegistry = useFeed] :: The feed.
        - customEndpoint connection [customRegistry = useNpmrc] :: Service connections to the registries of .npmrc.
        - publishRegistry useExternalRegistry|useFeed [command = publish] = useExternalRegistry :: Where the package goes.
        - publishFeed text! [publishRegistry = useFeed] :: The feed the package goes to.
        - publishPackageMetadata bool [publishRegistry = useFeed] = true :: Tell the feed of the run.
        - publishEndpoint connection! [publishRegistry = useExternalRegistry] :: The service connection to the registry.
        task Maven@4? | Maven | Builds with Maven, and shows results of tests and code coverage.
        - mavenPOMFile path! = pom.xml :: The project's file.
        - goals text = package :: The goals, separated by blanks.
        - options text :: More options for mvn.
        - publishJUnitResults bool = true :: Show results of tests with the run.
        - testResultsFiles text! [publishJUnitResults = true] = **/surefire-reports/TEST-*.xml :: Patterns of the files of results.
        - testRunTitle text [publishJUnitResults = true] :: What the test run is called.
        - allowBrokenSymlinks(allowBrokenSymbolicLinks) bool [publishJUnitResults = true] = true :: Go on when a link leads nowhere.
        - codeCoverageToolOption(codeCoverageTool) None|Cobertura|JaCoCo = None :: Which tool measures code coverage.
        - codeCoverageClassFilter(classFilter) text [codeCoverageTool != None] :: Classes that count (+:) and do not (-:), separated by commas.
        - codeCoverageClassFilesDirectories(classFilesDirectories) text [codeCoverageTool = JaCoCo] :: Folders of class files, separated by commas.
        - codeCoverageSourceDirectories(srcDirectories) text [codeCoverageTool = JaCoCo] :: Folders of sources, separated by commas.
        - codeCoverageFailIfEmpty(failIfCoverageEmpty) bool [codeCoverageTool != None] = false :: Fail when there is no code coverage.
        - codeCoverageRestoreOriginalPomXml(restoreOriginalPomXml) bool [codeCoverageTool != None] = false :: Put pom.xml back as it was.
        - javaHomeOption(javaHomeSelection) JDKVersion|Path! = JDKVersion :: Whether JAVA_HOME is found by version or given.
        - jdkVersionOption(jdkVersion) default|1.21|1.17|1.11|1.10|1.9|1.8|1.7|1.6 [javaHomeOption = JDKVersion] = default :: The version of Java.
        - jdkDirectory(jdkUserInputPath) path! [javaHomeOption = Path] :: The folder of Java.
        - jdkArchitectureOption(jdkArchitecture) x86|x64 [jdkVersion != default] = x64 :: For which processor.
        - mavenVersionOption(mavenVersionSelection) Default|Path! = Default :: Whether Maven is found or given.
        - mavenDirectory(mavenPath) path! [mavenVersionOption = Path] :: The folder of Maven.
        - mavenSetM2Home bool [mavenVersionOption = Path] = false :: Set M2_HOME.
        - mavenOptions(mavenOpts) text = -Xmx1024m :: The value of MAVEN_OPTS.
        - mavenAuthenticateFeed(mavenFeedAuthenticate) bool = false :: Sign in to the feeds of the project.
        - effectivePomSkip(skipEffectivePom) bool = false :: Do not make the effective pom for that.
        - sonarQubeRunAnalysis(sqAnalysisEnabled) bool = false :: Run an analysis of SonarQube.
        - sqMavenPluginVersionChoice latest|pom! [sonarQubeRunAnalysis = true] = latest :: Which version of its plug-in.
        - checkStyleRunAnalysis(checkstyleAnalysisEnabled) bool = false :: Run Checkstyle.
        - pmdRunAnalysis(pmdAnalysisEnabled) bool = false :: Run PMD.
        - findBugsRunAnalysis(findbugsAnalysisEnabled) bool = false :: Run FindBugs.
        - spotBugsRunAnalysis(spotBugsAnalysisEnabled) bool = false :: Run SpotBugs.
        - spotBugsVersion(spotBugsMavenPluginVersion) text [spotBugsRunAnalysis = true] = 4.5.3.0 :: The version of SpotBugs.
        - spotBugsGoal spotbugs|check [spotBugsRunAnalysis = true] = spotbugs :: The goal of SpotBugs.
        task Gradle@3? | Gradle | Builds with a Gradle wrapper, and shows results of tests and code coverage.
        - gradleWrapperFile(wrapperScript) path! = gradlew :: The wrapper.
        - workingDirectory(cwd) path :: Where Gradle begins; the sources' folder unless it says otherwise.
        - options text :: More options for Gradle.
        - tasks text! = build :: The tasks of Gradle, separated by blanks.
        - publishJUnitResults bool = true :: Show results of tests with the run.
        - testResultsFiles text! [publishJUnitResults = true] = **/TEST-*.xml :: Patterns of the files of results.
        - testRunTitle text [publishJUnitResults = true] :: What the test run is called.
        - codeCoverageToolOption(codeCoverageTool) None|Cobertura|JaCoCo = None :: Which tool measures code coverage.
        - codeCoverageClassFilesDirectories(classFilesDirectories) text! [codeCoverageTool != None] = build/classes/main/ :: Folders of class files, separated by commas.
        - codeCoverageClassFilter(classFilter) text [codeCoverageTool != None] :: Classes that count (+:) and do not (-:), separated by commas.
        - codeCoverageFailIfEmpty(failIfCoverageEmpty) bool [codeCoverageTool != None] = false :: Fail when there is no code coverage.
        - codeCoverageGradle5xOrHigher(gradle5xOrHigher) bool [codeCoverageTool = JaCoCo] = true :: Gradle is version 5 or later.
        - javaHomeOption(javaHomeSelection) JDKVersion|Path! = JDKVersion :: Whether JAVA_HOME is found by version or given.
        - jdkVersionOption(jdkVersion) default|1.21|1.17|1.11|1.10|1.9|1.8|1.7|1.6 [javaHomeOption = JDKVersion] = default :: The version of Java.
        - jdkDirectory(jdkUserInputPath) path! [javaHomeOption = Path] :: The folder of Java.
        - jdkArchitectureOption(jdkArchitecture) x86|x64 [jdkVersion != default] = x64 :: For which processor.
        - gradleOptions(gradleOpts) text = -Xmx1024m :: The value of GRADLE_OPTS.
        - sonarQubeRunAnalysis(sqAnalysisEnabled) bool = false :: Run an analysis of SonarQube.
        - sqGradlePluginVersionChoice specify|build! [sonarQubeRunAnalysis = true] = specify :: Whether the version of its plug-in stands here or in build.gradle.
        - sonarQubeGradlePluginVersion(sqGradlePluginVersion) text! [sonarQubeRunAnalysis = true] = 2.6.1 :: The version of its plug-in.
        - checkStyleRunAnalysis(checkstyleAnalysisEnabled) bool = false :: Run Checkstyle.
        - findBugsRunAnalysis(findbugsAnalysisEnabled) bool = false :: Run FindBugs.
        - pmdRunAnalysis(pmdAnalysisEnabled) bool = false :: Run PMD.
        - spotBugsAnalysis(spotBugsAnalysisEnabled) bool = false :: Run SpotBugs.
        - spotBugsGradlePluginVersionChoice specify|build! [spotBugsAnalysis = true] = specify :: Whether the version of its plug-in stands here or in build.gradle.
        - spotbugsGradlePluginVersion text! [spotBugsAnalysis = true] = 4.7.0 :: The version of its plug-in.
        task CMake@1 | CMake | Runs cmake.
        - workingDirectory(cwd) path = build :: Where cmake begins; it is made when it is not there.
        - cmakeArgs text :: Arguments for cmake.
        - runInsideShell bool = false :: Let a shell read the arguments.
        task Ant@1 | Ant | Builds with Ant, and shows results of tests.
        - buildFile(antBuildFile) path! = build.xml :: The project's file.
        - options text :: More options for ant.
        - targets text :: The targets, separated by blanks.
        - publishJUnitResults bool = true :: Show results of tests with the run.
        - testResultsFiles text! [publishJUnitResults = true] = **/TEST-*.xml :: Patterns of the files of results.
        - testRunTitle text [publishJUnitResults = true] :: What the test run is called.
        - codeCoverageToolOptions(codeCoverageTool) None|Cobertura|JaCoCo = None :: Which tool measures code coverage.
        - codeCoverageClassFilesDirectories(classFilesDirectories) text! [codeCoverageTool != None] = . :: Folders of class files, separated by commas.
        - codeCoverageClassFilter(classFilter) text [codeCoverageTool != None] :: Classes that count (+:) and do not (-:), separated by commas.
        - codeCoverageSourceDirectories(srcDirectories) text [codeCoverageTool != None] :: Folders of sources, separated by commas.
        - codeCoverageFailIfEmpty(failIfCoverageEmpty) bool [codeCoverageTool != None] = false :: Fail when there is no code coverage.
        - antHomeDirectory(antHomeUserInputPath) path :: The value of ANT_HOME.
        - javaHomeOption(javaHomeSelection) JDKVersion|Path! = JDKVersion :: Whether JAVA_HOME is found by version or given.
        - jdkVersionOption(jdkVersion) default|1.25|1.21|1.17|1.11|1.10|1.9|1.8|1.7|1.6 [javaHomeOption = JDKVersion] = default :: The version of Java.
        - jdkUserInputDirectory(jdkUserInputPath) path! [javaHomeOption = Path] :: The folder of Java.
        - jdkArchitectureOption(jdkArchitecture) x86|x64|arm64 [jdkVersion != default] = x64 :: For which processor.
        task Go@0 | Go | Runs a command of go.
        - command get|build|test|custom! = get :: What go does.
        - customCommand text! [command = custom] :: The command.
        - arguments text :: Arguments for the command.
        - workingDirectory path :: Where go begins; the sources' folder unless it says otherwise.
        """
}
