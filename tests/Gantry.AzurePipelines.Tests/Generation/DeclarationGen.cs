using CsCheck;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Generates any valid declaration.</summary>
internal static class DeclarationGen
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefgh"], 2, 6];

    // Text that people write into fields.
    private static readonly Gen<string> Text = Gen.OneOf(
        Word, Gen.String[Gen.Char["abc ÄÖ.,:;#'\"!?(){}[]<>|&*-_/\\@%~`=+0123456789"], 1, 30].Where(text => text.Trim().Length > 0));

    private static readonly Gen<Pool?> MaybePool = Gen.OneOf<Pool?>(
        Gen.Const(default(Pool)),
        Gen.Const<Pool?>(new HostedPool("ubuntu-24.04")),
        Gen.Select(Word, Word.Array[0, 2]).Select(Pool? (name, demands) => new NamedPool(name) { Demands = demands }));

    private static readonly Gen<Gate> AnyGate = Gen.OneOf<Gate>(
        Gen.Select(Text.Array[1, 3], Gen.Bool, Text).Select(Gate (approvers, requester, text) =>
            Gate.Approval(approvers, approvers.Length) with { RequesterMayApprove = requester, Instructions = text }),
        Word.Array[1, 2].Select(Gate (branches) => Gate.OnlyBranches(branches)),
        Gen.Int[1, 12].Select(Gate (hour) => Gate.BusinessHours(new(hour, 0), new(hour + 8, 30))),
        Gen.Select(Text, Gen.Int[1, 40000], Gen.Bool).Select(Gate (text, minutes, resume) =>
            Gate.ManualValidation(text, "x@y.z") with { Timeout = TimeSpan.FromMinutes(minutes), ResumeOnTimeout = resume }),
        Gen.Select(Text, Word)
            .Select(Gate (name, connection) => Gate.RestCheck(name, connection, "/x") with { SuccessCriteria = "eq(root['a'], 'b')" }),
        Word.Select(Gate (group) => Gate.NoAlerts(group, group)),
        Gen.Guid.Where(id => id != Guid.Empty).Select(Gate (id) => Gate.WorkItems(id, 3)),
        Gen.Const<Gate>(Gate.RequiredTemplate("Contoso/templates", "release.yml")));

    private static readonly Gen<Gate> LaterGate = Gen.OneOf(
        AnyGate, Gen.Int[1, 100_000].Select(Gate (minutes) => Gate.Soak(TimeSpan.FromMinutes(minutes))));

    public static Gen<PipelineDeclaration> Any { get; } =
        from count in Gen.Int[1, 5]
        from environments in Environment.Array[count]
        from predecessors in Gen.Int[-1, 4].Array[count]
        from images in Word.Array[1, 3]
        from transport in Gen.Enum<ImageTransport>()
        from release in Gen.OneOf(Gen.Const((ReleaseTrigger?)null), Gen.Enum<ReleaseTrigger>().Select(ReleaseTrigger? (trigger) => trigger))
        from flags in Gen.Bool.Array[6]
        from pool in MaybePool
        from secrets in Word.Array[0, 2]
        from branches in Gen.OneOf(
            Gen.Const(Array.Empty<string>()),
            Gen.Const(new[] { "main" }),
            Gen.Const(new[] { "main", "release/*" }),
            Gen.Const(new[] { "*" }))
        from variable in Text
        from tags in Word.Array[0, 2]
        from login in Login
        from own in Gen.Int[0, 6]
        from additions in Gen.Select(Gen.Int[0, 5], OwnStep.Array[0, 2], OwnStep.Array[0, 2], OwnStep.Array[0, 1]).Array[0, 3]
        select new PipelineDeclaration
        {
            Images = [.. images.Distinct().Select(name => new ContainerImage(name))],
            Environments = [.. Link(environments, predecessors, images.Distinct().Count())],
            Transport = transport,
            BaseRegistry = new("BaseRegistry")
            {
                Address = "contoso.azurecr.io/a",
                ServiceConnection = "base",
                ResourceGroup = "rg",
                Login = login,
            },
            UseTemplates = flags[0],
            PromoteAfterBuild = flags[1] && release is null or ReleaseTrigger.Manual,
            ReleasePipeline =
                release is not { } trigger || (transport == ImageTransport.Artifact && trigger != ReleaseTrigger.BuildCompletion)
                    ? null
                    : new ReleasePipeline { Trigger = trigger, BuildPipeline = "ci" },
            Triggers = new()
            {
                Branches = branches,
                ExcludedBranches = flags[5] ? tags : [],
                Tags = Filter.Only(tags),
                PullRequests = flags[4]
                    ? new() { Branches = new() { Include = ["main"], Exclude = tags }, AutoCancel = flags[2], Drafts = flags[3] }
                    : null,
                PromotedBranches = branches.Length + tags.Length == 0 ? ["*"] : null,
                ChooseEnvironment = flags[2],
                Batch = flags[3],
            },
            Commands = new BuildCommands
            {
                Shell = flags[4] ? ScriptShell.Pwsh : ScriptShell.Bash,

                // Names of variables, and so of secrets, are case-insensitive.
                Steps = [new("Test") { Secrets = Keys(secrets, flags[3]) }, new("BuildImage")],
                PublishSecrets = Keys(secrets, flags[4]),
            },
            Tools = flags[5] ? new AgentTools() : new AgentTools { InstallSdk = false, NuGetCacheKeys = [] },
            BuildPool = pool,
            Variables = [new("Text", variable)],
            BuildJobs = flags[3] && flags[5]
                ? [new("Windows", new BuildStep("Test") { Secrets = ["KeyVaulted"] }) { Pool = new HostedPool("windows-latest") }]
                : [],
            KeyVaults = flags[3] ? [new("vault", "vault-connection", "KeyVaulted")] : [],
            Parameters = flags[4] ? [new("Reason")] : [],
            Stages = OwnStages(own, flags[1] && release is null or ReleaseTrigger.Manual ? count : 0),
            Additions =
            [
                .. additions
                    .Where(added => added.Item1 == 0 || (added.Item1 <= count && release is null && flags[1]))
                    .DistinctBy(added => added.Item1)
                    .Select(added => Added(added.Item1, added.Item2, added.Item3, added.Item4)),
            ],
        };

    private static IReadOnlyList<string> Keys(string[] names, bool twice) =>
        [.. names.Distinct().SelectMany(name => twice ? ["Key" + name, "KEY" + name] : new[] { "Key" + name })];

    private static Gen<Step> OwnStep => Gen.OneOf(
        Gen.Select(Word, Word).Select((text, secret) => Step.Script(text) with { Secrets = ["Own" + secret] }),
        Word.Select(text => Step.Task("CmdLine@2", ("script", text)) with { DisplayName = text }),
        Gen.Select(Word, Word).Select((text, secret) =>
            Step.Yaml($"- powershell: {text}\n  failOnStderr: true\n- bash: {text}\n  env:\n    A: {text}") with
            {
                Secrets = ["Own" + secret],
            }));

    // Stages after the build and after promotions, one of them before another promotion when there is one.
    private static IReadOnlyList<OwnStage> OwnStages(int number, int environments) => number switch
    {
        0 => [],
        1 => [Own("Scan") with { After = "Build", Before = "Publish" }],
        2 => [Own("Last") with { After = "Publish" }, Own("VeryLast") with { After = "Last" }],
        _ when environments == 0 => [Own("First") with { Before = "Build" }],
        3 => [Own("Smoke") with { After = "PromoteEnvA" }],
        4 => [Own("Smoke") with { After = "Publish", Before = "PromoteEnvA" }],
        5 => [Own("Prepare") with { Before = "Build" }, Own("Smoke") with { After = "PromoteEnvA", Condition = "ne(1, 2)" }],
        _ => [Own("Smoke") with { After = "Build", Before = "PromoteEnvA" }],
    };

    private static OwnStage Own(string name) =>
        new(name) { Jobs = [new("Run") { Steps = [Step.Script("echo") with { Secrets = ["Own" + name] }] }] };

    private static StageAdditions Added(int stage, Step[] before, Step[] after, Step[] failure) =>
        new(stage == 0 ? "Build" : $"PromoteEnv{(char)('A' + stage - 1)}")
        {
            StepsBefore = before,
            StepsAfter = after,
            OnFailure = failure,
            Jobs = before.Length == 1
                ?
                [
                    new("Own" + (char)('A' + after.Length)) { Steps = before },
                    Job.Yaml("job: Plain\nstrategy:\n  parallel: 2\nsteps:\n- bash: echo") with { Steps = after },
                ]
                : [],
            Condition = failure.Length == 1 ? "ne(variables['Pause'], 'true')" : null,
        };

    private static Gen<EnvironmentSketch> Environment =>
        from gates in LaterGate.Array[0, 3]
        from exclusive in Gen.Bool
        from regions in Gen.OneOf(Gen.Const(0), Gen.Const(0), Gen.Int[1, 3])
        from perRegion in Gen.Bool
        from connection in Gen.OneOf(Gen.Const((string?)null), Word.Select(string? (name) => name))
        from pool in MaybePool
        from timeout in Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 500].Select(int? (minutes) => minutes))
        from display in Text
        from hasGroup in Gen.Bool
        from login in Login
        from readLogin in Login
        from commit in Gen.Int[0, 3]
        from slices in Gen.Int[1, 3]
        select new EnvironmentSketch(
            exclusive ? [.. gates, Gate.ExclusiveLock()] : gates, regions, perRegion, connection, pool, timeout, display, hasGroup)
        {
            Login = login,
            ReadLogin = readLogin,
            Commit = commit,
            Slices = slices,
        };

    private static Gen<RegistryLogin?> Login => Gen.OneOf<RegistryLogin?>(
        Gen.Const(default(RegistryLogin)),
        Gen.Const(default(RegistryLogin)),
        Gen.Const<RegistryLogin?>(RegistryLogin.Anonymous),
        Word.Select(RegistryLogin? (name) => RegistryLogin.Docker("docker-" + name)),
        Gen.Select(Word, Gen.Bool).Select(RegistryLogin? (name, isNamed) =>
            isNamed ? RegistryLogin.Password(name, name) : RegistryLogin.Password()),
        OwnStep.Array[1, 2].Select(RegistryLogin? (steps) => RegistryLogin.Steps(steps) with { LogOut = steps }));

    // A commit to one of two repositories, and a cluster in the way that number says.
    private static IEnumerable<Deployment> Hosts(int number, string region) => number == 0 ? [] :
    [
        Deployment.KustomizeCommit($"https://dev.azure.com/contoso/shop/_git/repository{number % 2}", "overlays") with
        {
            Token = "$(System.AccessToken)",
            Region = region.Length == 0 ? null : region,
        },
        Deployment.Kubectl("cluster", "shop", "app", "web") with
        {
            Login = number switch
            {
                1 => HostLogin.Kubernetes("cluster"),
                2 => HostLogin.Steps(Step.Script("echo login")) with { LogOut = [Step.Script("echo logout")] },
                _ => HostLogin.None,
            },
            Region = region.Length == 0 ? null : region,
        },
    ];

    private static IEnumerable<PipelineEnvironment> Link(EnvironmentSketch[] sketches, int[] predecessors, int images)
    {
        var made = new List<PromotionEnvironment>();
        for (var i = 0; i < sketches.Length; i++)
        {
            var sketch = sketches[i];
            var after = predecessors[i] >= 0 && predecessors[i] < i ? made[predecessors[i]] : null;
            var environment = new PromotionEnvironment($"env-{(char)('a' + i)}")
            {
                After = after,
                Gates = [.. sketch.Gates.Where(gate => after is not null || gate is not SoakGate)],
                Regions = [.. Enumerable.Range(0, sketch.Regions).Select(number => $"r{(char)('x' + number)}")],
                DisplayName = sketch.DisplayName,
                Slices = Math.Min(sketch.Slices, images),
            };
            environment = environment with
            {
                Waves = sketch.HasGroup ? [.. environment.Regions.Select(region => (IReadOnlyList<string>)[region])] : [],
                PauseBetweenWaves = sketch.HasGroup && environment.Regions.Count > 1
                    ? TimeSpan.FromMinutes(sketch.Commit * 20) : TimeSpan.Zero,
                Deployments = [.. environment.Regions.DefaultIfEmpty("").SelectMany(region => Hosts(sketch.Commit, region))],
            };
            made.Add(environment);
            yield return new PipelineEnvironment(environment)
            {
                ServiceConnection = sketch.Connection,
                JobPerRegion = sketch.JobPerRegion,
                Registries =
                [
                    .. environment.RegistryParameters.Select(parameter => new PipelineRegistry(parameter)
                    {
                        Address = $"{environment.Name}.azurecr.io",
                        ServiceConnection = sketch.JobPerRegion ? "own" : null,
                        Login = sketch.Login,
                        ReadLogin = sketch.ReadLogin,
                    }),
                ],
                Pool = sketch.Pool,
                TimeoutInMinutes = sketch.Timeout,
                VariableGroups = sketch.HasGroup ? ["group-" + environment.Name] : [],
                Secrets = sketch.HasGroup ? ["EnvKey", "envkey", "System.AccessToken", "system_accesstoken"] : [],
            };
        }
    }

    private sealed record EnvironmentSketch(
        Gate[] Gates, int Regions, bool JobPerRegion, string? Connection, Pool? Pool, int? Timeout, string DisplayName, bool HasGroup)
    {
        public RegistryLogin? Login { get; init; }

        public RegistryLogin? ReadLogin { get; init; }

        public int Commit { get; init; }

        public int Slices { get; init; }
    }
}
