using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>Each job signs in to the registries that it uses, and to no other.</summary>
public class RegistryLoginTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Prod = new("prod") { After = Dev, Regions = ["weu", "eus"] };

    private static readonly PipelineDeclaration Declared = new()
    {
        Images = [new("app")],
        BaseRegistry = Registry("BaseRegistry"),
        Environments =
        [
            new(Dev) { Registries = [Registry("DevRegistry") with { ReadLogin = RegistryLogin.Docker("dev-reader") }] },
            new(Prod) { Registries = [Registry("ProdWeuRegistry"), Registry("ProdEusRegistry")] },
        ],
        ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual },
    };

    private static readonly PipelineDeclaration PerRegion = Declared.WithEnvironment(Prod, prod => prod with { JobPerRegion = true });

    public static IReadOnlyDictionary<string, (PipelineDeclaration Declaration, string Stage, string Logins)> Cases { get; } =
        new Dictionary<string, (PipelineDeclaration, string, string)>
        {
            ["finding reads the base registry"] = (Declared, "FindRelease", "Find: base"),
            ["the first environment"] = (Declared, "PromoteDev", "Promote: dev base"),
            ["the previous environment is only read"] = (Declared, "PromoteProd", "Promote: prodweu prodeus dev-reader base"),
            ["a job for each region"] =
                (PerRegion, "PromoteProd", "PromoteWeu: prodweu dev-reader base; PromoteEus: prodeus dev-reader base"),
            ["one connection for several"] = (
                Declared.WithRegistry("ProdEusRegistry", eus => eus with { Login = RegistryLogin.Docker("PRODWEU") }),
                "PromoteProd",
                "Promote: prodweu dev-reader base"),
            ["one host has one credential"] = (
                Declared.WithRegistry("DevRegistry", dev => dev with { Address = "base.contoso.com/dev" }),
                "PromoteDev",
                "Promote: dev"),
            ["the others of a host count where its own has none"] = (
                Declared.WithRegistry("DevRegistry", dev => dev with { Address = "base.contoso.com/dev", Login = RegistryLogin.OfAgent }),
                "PromoteDev",
                "Promote: base"),
            ["images in an artifact"] =
                (Declared with { Transport = ImageTransport.Artifact, ReleasePipeline = null }, "PromoteDev", "Promote: dev"),
            ["anonymous"] = (
                Declared.WithRegistry("BaseRegistry", found => found with { ReadLogin = RegistryLogin.Anonymous }),
                "PromoteDev",
                "Promote: dev"),
        };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_job_signs_in_where_it_goes(string name)
    {
        var (declaration, stage, expected) = Cases[name];
        Assert.DoesNotContain(PipelineGenerator.Generate(declaration).Diagnostics, diagnostic => diagnostic.Code == "GAN8046");
        Assert.Equal(
            expected,
            string.Join("; ", Jobs(declaration, stage).Select(job => $"{job.Name}: {string.Join(' ', Logins(job, "login"))}")));
        Assert.All(
            Jobs(declaration, stage), job => Assert.Equal(Logins(job, "login").Order(), Logins(job, "logout").Order()));
    }

    [Fact]
    public void Docker_connections_come_before_own_steps_whose_login_they_would_hide()
    {
        var job = Jobs(
            Declared.WithRegistry("DevRegistry", dev => dev with
            {
                Login = RegistryLogin.Steps(Step.Script("aws login")) with { LogOut = [Step.Script("aws logout")] },
            }),
            "PromoteDev")[0];
        Assert.Equal(
            ["login", "aws login", "build", "aws logout", "logout"],
            job.Steps.Select(step => step switch
            {
                ScriptStep { IsOfBuild: true } => "build",
                ScriptStep script => script.Text,
                TaskStep { TaskName: "Docker@2" } task => task.Input("command"),
                _ => null,
            }).OfType<string>());
        Assert.All(job.Steps.SkipWhile(step => !step.IsOfBuild).Skip(1), step => Assert.Equal("always()", step.Condition));
    }

    [Fact]
    public void A_password_reaches_the_call_of_the_build_and_no_other_step()
    {
        var declaration = Declared
            .WithRegistry("DevRegistry", dev => dev with { Login = RegistryLogin.Password("robot$dev", "HarborToken"), ReadLogin = null })
            .WithRegistry("BaseRegistry", found => found with { Login = RegistryLogin.Password() });
        var steps = Jobs(declaration, "PromoteDev")[0].Steps;
        Assert.Equal(
            [
                new("DevRegistryUser", "robot$dev"), new("DevRegistryPassword", "$(HarborToken)"),
                new("BaseRegistryUser", "$(BaseRegistryUser)"), new("BaseRegistryPassword", "$(BaseRegistryPassword)"),
            ],
            Assert.Single(steps, step => step.IsOfBuild).LoginVariables);
        Assert.All(steps.Where(step => !step.IsOfBuild), step => Assert.Empty(step.LoginVariables));
    }

    [Fact]
    public void A_call_of_the_build_that_uses_the_base_registry_signs_in()
    {
        var job = Jobs(
            Declared with
            {
                Transport = ImageTransport.BaseRegistry,
                Commands = new() { Steps = [new("Compile"), new("Pull") { UsesBaseRegistry = true }, new("BuildImage")] },
            },
            "Build")[0];
        var before = job.Steps.TakeWhile(step => (step as TaskStep)?.Input("command") != "login").Count(step => step.IsOfBuild);
        Assert.Equal(1, before);
        Assert.Equal(["base"], Logins(job, "login"));
    }

    private static IReadOnlyList<Job> Jobs(PipelineDeclaration declaration, string stage) => PipelineGenerator.Pipelines(declaration)
        .SelectMany(file => file.Pipeline.Stages)
        .OfType<Stage>()
        .First(found => found.Name == stage)
        .Jobs;

    private static IEnumerable<string> Logins(Job job, string command) => job.Steps.OfType<TaskStep>()
        .Where(task => task.TaskName == "Docker@2" && task.Input("command") == command)
        .Select(task => task.Input("containerRegistry")!);

    private static PipelineRegistry Registry(string parameter)
    {
        var name = parameter[..^"Registry".Length].ToLowerInvariant();
        return new(parameter) { Address = $"{name}.contoso.com/{name}", Login = RegistryLogin.Docker(name) };
    }
}
