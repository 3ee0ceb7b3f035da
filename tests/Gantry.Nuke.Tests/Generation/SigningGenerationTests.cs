using System.Reflection;
using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Generation;
using Gantry.Environments;
using Gantry.Nuke.Generation;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>Generated jobs can sign: they have the passwords of the keys, and a login for keys in a vault.</summary>
public sealed partial class SigningGenerationTests
{
    public static TheoryData<Type, string> Promotions => new()
    {
        { typeof(SigningBuild), "test" },
        { typeof(SigningBuild), "prod" },
        { typeof(BuildWithKeyFiles), "pre-prod" },
    };

    [Theory]
    [MemberData(nameof(Promotions))]
    public void A_promotion_gets_the_password_of_its_own_key(Type type, string environment)
    {
        var build = (NukeBuild)Activator.CreateInstance(type)!;
        var wanted = Normal(SigningKeyVariables.PasswordOf(new PromotionEnvironment(environment).SigningKeyParameter));

        foreach (var file in build.GetType().GetCustomAttributes<FileGeneratorAttribute>()
            .SelectMany(generator => generator.CreateFiles(build, []).EnsureValid())
            .Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)))
        {
            var call = $"./build.sh Promote{new PromotionEnvironment(environment).Identifier} --skip";
            var start = file.Content.IndexOf(call, StringComparison.Ordinal);
            Assert.True(start > 0, file.Content);
            var names = Passwords().Matches(StepAt(file.Content, start)).Select(match => Normal(match.Groups["name"].Value));
            Assert.Equal([wanted], names);
        }
    }

    [Fact]
    public void The_job_that_publishes_gets_the_password_of_the_key_of_the_build() => Assert.All(
        Files<SigningBuild>(),
        file => Assert.Contains("BaseSigningKeyPassword: $", file.Content, StringComparison.Ordinal));

    [Fact]
    public void Generation_opens_no_key()
    {
        Assert.Equal("secrets/{environment}.pem", PipelineDeclarations.Of(new BuildWithKeyFiles(), new()).SigningKey);
        Assert.NotEmpty(Files<BuildWithKeyFiles>());
    }

    [Fact]
    public void A_key_that_only_a_parameter_names_is_not_in_the_declaration() =>
        Assert.Null(PipelineDeclarations.Of(new MinimalBuild(), new()).SigningKey);

    [Fact]
    public void A_workflow_signs_in_to_Azure_for_a_key_in_a_vault_although_no_registry_is_there()
    {
        var workflow = Files<SigningBuild>().Single(file => file.Path == ".github/workflows/signed.yml").Content;

        // Two promotions and the publication.
        Assert.Equal(3, workflow.Split("uses: azure/login@").Length - 1);
    }

    [Fact]
    public void A_pipeline_without_a_login_for_the_vault_is_a_warning()
    {
        var declaration = PipelineDeclarations.Of(
            new SigningBuild(), new() { Registry = "harbor.contoso.com", RegistryConnection = "harbor" });

        Assert.Equal(
            ["the job that publishes", "the promotion to 'test'", "the promotion to 'prod'"],
            WarningsOf(declaration).Select(warning => warning.Problem.Split(" signs")[0]));
        Assert.Empty(WarningsOf(declaration with { SigningKey = "secrets/{environment}.pem" }));
        Assert.Equal(2, WarningsOf(declaration with { BaseRegistry = declaration.BaseRegistry with { ServiceConnection = "a" } }).Count);
        Assert.Empty(WarningsOf(PipelineDeclarations.Of(new SigningBuild(), new() { ServiceConnection = "contoso" })));
    }

    private static List<Diagnostic> WarningsOf(PipelineDeclaration declaration) =>
        [.. PipelineGenerator.Generate(declaration).Diagnostics.Where(diagnostic => diagnostic.Code == "GAN8094")];

    private static List<GeneratedFile> Files<T>()
        where T : NukeBuild, new()
    {
        var build = new T();
        return
        [
            .. typeof(T).GetCustomAttributes<FileGeneratorAttribute>()
                .SelectMany(generator => generator.CreateFiles(build, []).EnsureValid())
                .Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)),
        ];
    }

    // A step ends where the next item of a list begins.
    private static string StepAt(string file, int start)
    {
        var end = NextItem().Match(file, start);
        return end.Success ? file[start..end.Index] : file[start..];
    }

    private static string Normal(string name) => CommandLine.Normal(name);

    [GeneratedRegex(@"^\s+(?<name>[\w-]*SigningKeyPassword): \$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Passwords();

    [GeneratedRegex(@"^\s*- ", RegexOptions.Multiline, 1000)]
    private static partial Regex NextItem();
}
