using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.AzurePipelines.Yaml;
using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests.Generation;

/// <summary>The logins that docs/registries.md gives for each kind of registry: they compile and are generated.</summary>
public partial class RegistryRecipeTests
{
    public static IReadOnlyDictionary<string, (Func<PipelineRegistry, PipelineRegistry> Change, string Text)> Recipes { get; } =
        new Dictionary<string, (Func<PipelineRegistry, PipelineRegistry>, string)>
        {
            ["docker-hub"] =
                Recipe(prod => prod with { Address = "docker.io/contoso", Login = RegistryLogin.Docker("contoso-docker-hub") }),
            ["ghcr"] = Recipe(prod => prod with { Address = "ghcr.io/contoso", Login = RegistryLogin.Password("contoso-ci", "GhcrToken") }),
            ["harbor"] = Recipe(prod => prod with
            {
                Address = "harbor.contoso.com/prod",
                Login = RegistryLogin.Docker("contoso-harbor-prod"),
                ReadLogin = RegistryLogin.Docker("contoso-harbor-reader"),
            }),
            ["artifactory"] =
                Recipe(prod => prod with { Address = "contoso.jfrog.io/docker-prod", Login = RegistryLogin.Docker("contoso-artifactory") }),
            ["ecr"] = Recipe(prod => prod with
            {
                Address = "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
                Login = RegistryLogin.Steps(Step.Script(
                    "aws ecr get-login-password | docker login --username AWS --password-stdin "
                    + "123456789012.dkr.ecr.eu-central-1.amazonaws.com") with
                {
                    Environment = [new("AWS_REGION", "eu-central-1")],
                    Secrets = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
                }) with
                {
                    LogOut = [Step.Script("docker logout 123456789012.dkr.ecr.eu-central-1.amazonaws.com")],
                },
            }),
            ["gar"] = Recipe(prod => prod with
            {
                Address = "europe-west3-docker.pkg.dev/contoso/prod",
                Login = RegistryLogin.Password("_json_key_base64", "GarKey"),
            }),
        };

    public static TheoryData<string> Names => new(Recipes.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_signs_in_without_a_finding(string name)
    {
        var declaration = SampleDeclarations.Contoso.WithRegistry("ProdRegistry", Recipes[name].Change);

        var result = PipelineGenerator.Generate(declaration);

        Assert.Empty(result.Diagnostics);
        Assert.Contains("./build.sh PromoteProd", result.Files[0].Content, StringComparison.Ordinal);
        if (SamplePipelineTests.Folder is { } folder)
            File.WriteAllText(
                Path.Combine(folder, $"recipe-{name}.yml"),
                YamlWriter.Write(ExpandedPipelines.Of(result.Files, declaration.Files.Pipeline)));
    }

    [Fact]
    public void The_documentation_has_these_recipes()
    {
        var text = WithoutSpace(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/registries.md")));
        Assert.All(
            Recipes.Values,
            recipe => Assert.Contains(WithoutSpace(recipe.Text["prod => ".Length..]), text, StringComparison.Ordinal));
    }

    private static (Func<PipelineRegistry, PipelineRegistry>, string) Recipe(
        Func<PipelineRegistry, PipelineRegistry> change, [CallerArgumentExpression(nameof(change))] string text = "") => (change, text);

    private static string WithoutSpace(string text) => Space().Replace(text, "");

    [GeneratedRegex(@"\s")]
    private static partial Regex Space();
}
