using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Testing;
using Gantry.Cli.Start;

namespace Gantry.Cli.Tests;

/// <summary><c>gantry init</c> in repositories with a solution, seen in what it writes and prints.</summary>
public sealed class InitCommandTests
{
    private const string Web = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        </Project>
        """;

    private const string Worker = """
        <Project Sdk="Microsoft.NET.Sdk.Worker">
          <PropertyGroup><TargetFramework>net8.0</TargetFramework><AssemblyName>ship</AssemblyName></PropertyGroup>
        </Project>
        """;

    private const string Library = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        </Project>
        """;

    [Fact]
    public async Task The_services_of_a_solution_get_images_and_a_build()
    {
        using var folder = new Repository();
        await CreateShopAsync(folder);

        var shown = await RunAsync("", canAsk: false, "init", folder.Path, "--dry-run");
        Assert.Equal(3, shown.Code);
        Assert.Contains("add     build/Build.cs", shown.Output, StringComparison.Ordinal);
        Assert.Contains("          + .nuke/temp/", shown.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("build")));

        (await RunAsync("", canAsk: false, "init", folder.Path, "--yes", "--closed-feed")).EnsureSuccess();
        var declaration = folder.Read("build/Build.cs");
        Assert.Contains(
            """new("contoso-order-desk") { Project = "src/Contoso.OrderDesk", Dockerfile = "build/contoso-order-desk.Dockerfile" },""",
            declaration,
            StringComparison.Ordinal);
        Assert.Contains(
            """new("shipping") { Project = "src/Shipping", Dockerfile = "build/shipping.Dockerfile" },""",
            declaration,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Shared", declaration, StringComparison.Ordinal);
        Assert.DoesNotContain("GANTRY_", declaration, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", declaration, StringComparison.Ordinal);
        Assert.Contains("[PromotionPipeline(Rollback = true)]", declaration, StringComparison.Ordinal);
        Assert.Contains("ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0\n", folder.Read("build/contoso-order-desk.Dockerfile"));
        Assert.Contains("""ENTRYPOINT ["dotnet", "Contoso.OrderDesk.dll"]""", folder.Read("build/contoso-order-desk.Dockerfile"));
        Assert.Contains("ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime:8.0\n", folder.Read("build/shipping.Dockerfile"));
        Assert.Contains("""ENTRYPOINT ["dotnet", "ship.dll"]""", folder.Read("build/shipping.Dockerfile"));
        Assert.DoesNotContain("EXPOSE", folder.Read("build/shipping.Dockerfile"), StringComparison.Ordinal);
        Assert.Contains("Include=\"Gantry.ClosedFeed\"", folder.Read("build/_build.csproj"), StringComparison.Ordinal);
        Assert.DoesNotContain("Gantry.Nuke\"", folder.Read("build/_build.csproj"), StringComparison.Ordinal);
        Assert.Equal("bin/\nobj/\nartifacts/\n.nuke/temp/\n", folder.Read(".gitignore"));
        if (!OperatingSystem.IsWindows())
            Assert.True(File.GetUnixFileMode(folder.PathOf("build.sh")).HasFlag(UnixFileMode.UserExecute));

        var again = await RunAsync("", canAsk: false, "init", folder.Path, "--yes");
        again.AssertError("GAN7132");
    }

    [Fact]
    public async Task A_person_is_asked_for_registries_and_whether_to_write()
    {
        using var folder = new Repository();
        await CreateShopAsync(folder);
        await GitAsync(folder, "remote", "add", "origin", "https://dev.azure.com/contoso/Web%20Shop/_git/shop");
        string[] line = ["init", folder.Path, "--image", "desk=src/Contoso.OrderDesk"];

        var unanswered = await RunAsync("", canAsk: false, line);
        Assert.Equal(1, unanswered.Code);
        Assert.Contains("GAN7141: ", unanswered.Error, StringComparison.Ordinal);
        var refused = await RunAsync("\n\n\n\nno\n", canAsk: true, line);
        Assert.Equal(1, refused.Code);
        Assert.Contains("Nothing was written.", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("build")));
        var malformed = await RunAsync("https://contoso.azurecr.io\n", canAsk: true, line);
        Assert.Equal(1, malformed.Code);
        Assert.StartsWith("GAN1006: ", malformed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("build")));

        var written = await RunAsync("contoso.azurecr.io\n\n\ncontosoprod.azurecr.io\nyes\n", canAsk: true, line);
        written.EnsureSuccess();
        using var parameters = JsonDocument.Parse(folder.Read(".nuke/parameters.json"));
        Assert.Equal("contoso.azurecr.io", parameters.RootElement.GetProperty("BaseRegistry").GetString());
        Assert.Equal("oci:artifacts/registries/dev", parameters.RootElement.GetProperty("DevRegistry").GetString());
        Assert.Equal("contosoprod.azurecr.io", parameters.RootElement.GetProperty("ProdRegistry").GetString());
        Assert.Equal("Shop.slnx", parameters.RootElement.GetProperty("Solution").GetString());
        Assert.Contains(@"Gate.Approval(@""[Web Shop]\Contributors"")", folder.Read("build/Build.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_names_all_registries_and_GitHub_gets_a_workflow()
    {
        using var folder = new Repository();
        await CreateShopAsync(folder);
        await GitAsync(folder, "remote", "add", "origin", "git@github.com:octo/shop.git");

        var run = await RunAsync(
            "", canAsk: false, "init", folder.Path, "--yes", "--image", "desk=src/Contoso.OrderDesk/Contoso.OrderDesk.csproj",
            "--registry", "contoso{environment}.azurecr.io", "--format", "json");

        run.EnsureSuccess();
        var schema = Path.Combine(RepositoryFiles.Root, "docs", "schemas", "init.schema.json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Empty(JsonRules.Validate(
            JsonNode.Parse(run.Output), JsonNode.Parse(await File.ReadAllTextAsync(schema))!.AsObject()));
        Assert.True(json.RootElement.GetProperty("written").GetBoolean());
        Assert.Contains("build/desk.Dockerfile", json.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Contains(
            """[PromotionWorkflow("build", Registry = "contoso{environment}.azurecr.io", Approvers = ["octo=@octo"], Rollback = true)]""",
            folder.Read("build/Build.cs"),
            StringComparison.Ordinal);
        Assert.Contains("\"BaseRegistry\": \"contosobase.azurecr.io\"", folder.Read(".nuke/parameters.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN7136", "--image", "Desk=src/Contoso.OrderDesk")]
    [InlineData("GAN7136", "--image", "src/Contoso.OrderDesk")]
    [InlineData("GAN7134", "--image", "desk=src/Missing")]
    [InlineData("GAN7134", "--image", "desk=../elsewhere")]
    [InlineData("GAN7134", "--solution", "Missing.sln")]
    [InlineData("GAN7142", "--registry", "contoso.azurecr.io", "--image", "desk=src/Contoso.OrderDesk")]
    [InlineData("GAN7136", "--approver", "a\"b", "--image", "desk=src/Contoso.OrderDesk")]
    [InlineData("GAN1006", "--dev-registry", "https://contoso.azurecr.io", "--image", "desk=src/Contoso.OrderDesk")]
    public async Task What_does_not_fit_is_refused_before_anything_is_written(string code, params string[] options)
    {
        using var folder = new Repository();
        await CreateShopAsync(folder);

        var run = await RunAsync("", canAsk: false, ["init", folder.Path, "--yes", .. options]);

        run.AssertError(code);
        Assert.False(Directory.Exists(folder.PathOf("build")));
    }

    [Fact]
    public async Task A_repository_without_a_solution_or_with_several_is_refused()
    {
        using var folder = new Repository();
        (await RunAsync("", canAsk: false, "init", folder.Path, "--yes")).AssertError("GAN7131");
        await GitAsync(folder, "init", "--quiet");
        (await RunAsync("", canAsk: false, "init", folder.Path, "--yes")).AssertError("GAN7133");
        folder.Write("a/A.slnx", "<Solution />");
        folder.Write("b/B.slnx", "<Solution />");
        (await RunAsync("", canAsk: false, "init", folder.Path, "--yes")).AssertError("GAN7133");
        folder.Write("build.sh", "echo mine");
        folder.Write("src/Desk/Desk.csproj", Web);
        var inTheWay = await RunAsync(
            "", canAsk: false, "init", folder.Path, "--yes", "--solution", "a/A.slnx", "--image", "desk=src/Desk");
        inTheWay.AssertError("GAN7140");
        Assert.Equal("echo mine", folder.Read("build.sh"));
    }

    private static async Task CreateShopAsync(Repository folder)
    {
        folder.Write("src/Contoso.OrderDesk/Contoso.OrderDesk.csproj", Web);
        folder.Write("src/Shipping/Shipping.csproj", Worker);
        folder.Write("src/Shared/Shared.csproj", Library);
        folder.Write("tools/Outside/Outside.csproj", Web);
        folder.Write("Shop.slnx", """
            <Solution>
              <Project Path="src/Contoso.OrderDesk/Contoso.OrderDesk.csproj" />
              <Project Path="src/Shared/Shared.csproj" />
              <Project Path="src/Shipping/Shipping.csproj" />
            </Solution>
            """);
        folder.Write(".gitignore", "bin/\nobj/");
        await GitAsync(folder, "init", "--quiet");
    }

    private static async Task GitAsync(Repository folder, params string[] arguments)
    {
        var run = await ChildProcess.RunAsync("git", ["-C", folder.Path, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    private static async Task<CommandRunner.CommandResult> RunAsync(string answers, bool canAsk, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext(output, error) { In = new StringReader(answers), CanAsk = canAsk };
        var code = await Commands.RunAsync(arguments, context, CancellationToken.None);
        return new CommandRunner.CommandResult(code, output.ToString(), error.ToString());
    }

    private sealed class Repository : IDisposable
    {
        private readonly TempFolder _folder = new();

        public string Path => _folder.Path;

        public string PathOf(string file) => _folder.Combine(file);

        public string Read(string file) => File.ReadAllText(PathOf(file));

        public void Write(string file, string text) => _folder.Write(file, Encoding.UTF8.GetBytes(text));

        public void Dispose() => _folder.Dispose();
    }
}
