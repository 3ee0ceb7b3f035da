using System.Text.Json.Nodes;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Images.Tests;

/// <summary>The effect on the configuration of instructions that copy nothing.</summary>
public sealed class ImageConfigurationTests : IAsyncLifetime
{
    private const string Base = "base.example/runtime:1";

    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    private async Task<JsonObject> BuildOnAsync(string baseContainer, string instructions, Dictionary<string, string>? arguments = null)
    {
        await new BaseImageFactory { Container = JsonNode.Parse(baseContainer)!.AsObject() }.PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\n{instructions}");
        var image = await _build.BuildAndReadAsync(request => request with { BuildArguments = arguments ?? [] });
        image.Container.Remove("Labels");
        return image.Container;
    }

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected}\nbut it is {actual.ToJsonString()}");

    [Theory]
    [InlineData(
        "everything is taken over from the base",
        """{"Env":["A=b"],"Cmd":["x"],"User":"7","WorkingDir":"/w","StopSignal":"SIGINT"}""",
        "",
        """{"Env":["A=b"],"Cmd":["x"],"User":"7","WorkingDir":"/w","StopSignal":"SIGINT"}""")]
    [InlineData(
        "Docker's extensions are taken over",
        """{"Healthcheck":{"Test":["CMD","x"],"Interval":5000000000,"Retries":2},"Shell":["/bin/bash","-c"]}""",
        "",
        """{"Healthcheck":{"Test":["CMD","x"],"Interval":5000000000,"Retries":2},"Shell":["/bin/bash","-c"]}""")]
    [InlineData("a variable of the base keeps its place", """{"Env":["A=1","B=2"]}""", "ENV A=3 C=4", """{"Env":["A=3","B=2","C=4"]}""")]
    [InlineData("values see the variables as they were before", """{"Env":["A=1"]}""", "ENV A=2 B=$A", """{"Env":["A=2","B=1"]}""")]
    [InlineData("the old form of ENV", "{}", "ENV A b  c ", """{"Env":["A=b  c"]}""")]
    [InlineData("quotes and escapes in ENV", "{}", "ENV A=\"b c\" B=d\\ e C='$A'", """{"Env":["A=b c","B=d e","C=$A"]}""")]
    [InlineData(
        "an entry point takes the arguments of the base away",
        """{"Entrypoint":["a"],"Cmd":["b"]}""",
        "ENTRYPOINT [\"c\"]",
        """{"Entrypoint":["c"]}""")]
    [InlineData(
        "arguments of the same file stay, before or behind",
        """{"Cmd":["b"]}""",
        "CMD [\"d\"]\nENTRYPOINT [\"c\"]",
        """{"Entrypoint":["c"],"Cmd":["d"]}""")]
    [InlineData(
        "arguments leave the entry point of the base",
        """{"Entrypoint":["a"],"Cmd":["b"]}""",
        "CMD [\"c\"]",
        """{"Entrypoint":["a"],"Cmd":["c"]}""")]
    [InlineData("an empty entry point takes that of the base away", """{"Entrypoint":["a"]}""", "ENTRYPOINT []", "{}")]
    [InlineData("a command for the shell", "{}", "CMD echo \"$HOME\" && ls", """{"Cmd":["/bin/sh","-c","echo \"$HOME\" && ls"]}""")]
    [InlineData(
        "a command for the shell of the base",
        """{"Shell":["pwsh","-Command"]}""",
        "ENTRYPOINT x y",
        """{"Shell":["pwsh","-Command"],"Entrypoint":["pwsh","-Command","x y"]}""")]
    [InlineData("variables in a command stay", """{"Env":["A=1"]}""", "CMD [\"$A\"]", """{"Env":["A=1"],"Cmd":["$A"]}""")]
    [InlineData(
        "ports are collected",
        """{"ExposedPorts":{"80/tcp":{}}}""",
        "EXPOSE 8080 53/UDP\nEXPOSE 9000-9002/tcp",
        """{"ExposedPorts":{"53/udp":{},"80/tcp":{},"8080/tcp":{},"9000/tcp":{},"9001/tcp":{},"9002/tcp":{}}}""")]
    [InlineData(
        "several ports in one variable",
        """{"Env":["P=1 2"]}""",
        "EXPOSE $P",
        """{"Env":["P=1 2"],"ExposedPorts":{"1/tcp":{},"2/tcp":{}}}""")]
    [InlineData(
        "volumes are collected",
        """{"Volumes":{"/a":{}}}""",
        "VOLUME /b /c\nVOLUME [\"/d e\"]",
        """{"Volumes":{"/a":{},"/b":{},"/c":{},"/d e":{}}}""")]
    [InlineData("a user from variables", """{"Env":["U=5"]}""", "USER ${U}:${G:-6}", """{"Env":["U=5"],"User":"5:6"}""")]
    [InlineData("working directories add up", """{"WorkingDir":"/a"}""", "WORKDIR b\nWORKDIR ../c/./d/", """{"WorkingDir":"/a/c/d"}""")]
    [InlineData("an absolute working directory", """{"WorkingDir":"/a"}""", "WORKDIR /x/../y", """{"WorkingDir":"/y"}""")]
    [InlineData("a signal by number", "{}", "STOPSIGNAL 9", """{"StopSignal":"9"}""")]
    [InlineData("a signal by name", "{}", "STOPSIGNAL SIGRTMIN+3", """{"StopSignal":"SIGRTMIN+3"}""")]
    [InlineData("an argument with a default", "{}", "ARG A=1\nENV B=$A", """{"Env":["B=1"]}""")]
    [InlineData("an argument does not reach the image", "{}", "ARG A=1", "{}")]
    [InlineData("an argument is not known before its line", "{}", "ENV B=$A\nARG A=1", """{"Env":["B="]}""")]
    [InlineData("the environment goes before an argument above it", "{}", "ARG A=1\nENV A=2\nENV B=$A", """{"Env":["A=2","B=2"]}""")]
    [InlineData("arguments from arguments", "{}", "ARG A=1 B=${A}2\nENV C=$B", """{"Env":["C=12"]}""")]
    public async Task Instructions_change_the_configuration_as_Docker_does(
        string name, string baseContainer, string instructions, string expected)
    {
        Assert.NotEmpty(name);
        AssertJson(expected, await BuildOnAsync(baseContainer, instructions));
    }

    [Fact]
    public async Task Build_arguments_override_defaults_and_the_platform_is_known()
    {
        var container = await BuildOnAsync(
            "{}",
            "ARG A=1 B TARGETARCH TARGETPLATFORM\nENV X=$A-$B-$TARGETARCH-$TARGETPLATFORM\n",
            new() { ["A"] = "given", ["B"] = "too" });

        AssertJson("""{"Env":["X=given-too-amd64-linux/amd64"]}""", container);
        Assert.Empty(_build.Log.Warnings);
    }

    [Fact]
    public async Task Arguments_before_FROM_are_visible_after_it_only_when_declared_again()
    {
        await new BaseImageFactory().PushAsync(_build.Registries, Base);
        _build.Dockerfile("ARG TAG=1 NAME=runtime\nARG BASE=base.example/${NAME}:$TAG\nFROM ${BASE}\nENV A=$TAG\nARG TAG\nENV B=$TAG\n"
            + "ARG NAME=own\nENV C=$NAME\n");

        var image = await _build.BuildAndReadAsync();

        AssertJson("""["A=","B=1","C=own"]""", image.Container["Env"]!);
    }

    [Fact]
    public async Task An_unused_build_argument_is_named_in_a_warning()
    {
        await BuildOnAsync("{}", "ARG KNOWN", new() { ["KNOWN"] = "x", ["UNKNOWN"] = "y", ["HTTPS_PROXY"] = "z" });

        Assert.Contains("UNKNOWN", Assert.Single(_build.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_array_is_run_by_a_shell_with_a_warning()
    {
        var container = await BuildOnAsync("{}", "ENTRYPOINT ['dotnet', 'App.dll']");

        AssertJson("""["/bin/sh","-c","['dotnet', 'App.dll']"]""", container["Entrypoint"]!);
        Assert.Contains("Dockerfile:2", Assert.Single(_build.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_the_base_image_are_kept_unless_they_are_set_again()
    {
        await new BaseImageFactory
        {
            Container = new JsonObject
            {
                ["Labels"] = new JsonObject { ["kept"] = "1", ["mine"] = "2", ["org.opencontainers.image.version"] = "24.04" },
            },
        }.PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nLABEL mine=\"a b\" and=another\n");

        var image = await _build.BuildAndReadAsync(request =>
            request with { Labels = new Dictionary<string, string> { ["org.opencontainers.image.version"] = "1.0" } });

        var labels = image.Container["Labels"]!;
        Assert.Equal(
            ["1", "a b", "another", "1.0"],
            new[] { "kept", "mine", "and", "org.opencontainers.image.version" }.Select(name => (string)labels[name]!));
    }

    [Fact]
    public async Task The_history_has_every_instruction_without_values_of_arguments()
    {
        await new BaseImageFactory().Layer(BaseImageFactory.Directory("etc/")).PushAsync(_build.Registries, Base);
        _build.Write("a", "x").Dockerfile($"FROM {Base}\nARG SECRET=hidden\nCOPY --chown=1:2 a /b\nENV A=b\nCMD [\"x\"]\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["base 0", "COPY --chown=1:2 a /b", "ENV A=b", "CMD [\"x\"]"],
            image.Config["history"]!.AsArray().Select(entry => (string)entry!["created_by"]!));
        Assert.DoesNotContain("hidden", image.Config.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EXPOSE http", "'http' is not a port")]
    [InlineData("EXPOSE 80/icmp", "'80/icmp' is not a port")]
    [InlineData("EXPOSE 70000", "'70000' is not a port")]
    [InlineData("EXPOSE 9-8", "'9-8' is not a port")]
    [InlineData("STOPSIGNAL SIGFOO", "'SIGFOO' is not a signal")]
    [InlineData("STOPSIGNAL 65", "'65' is not a signal")]
    [InlineData("VOLUME \"\"", "VOLUME has an empty path")]
    [InlineData("ENV $NONE=x", "a name is empty")]
    public async Task Wrong_values_are_errors_with_their_line(string instruction, string problem)
    {
        await new BaseImageFactory().PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\n{instruction}\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3002", error.Code);
        Assert.StartsWith("Dockerfile:2: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_platform_is_evaluated_with_its_own_name()
    {
        _build.Dockerfile("FROM scratch\nARG TARGETARCH\nARG TARGETVARIANT\nENV ARCH=$TARGETARCH/$TARGETVARIANT\n");

        var built = await _build.BuildAsync(request => request with { Platforms = [Platform.LinuxAmd64, Platform.Parse("linux/arm/v7")] });

        var environments = new List<string>();
        foreach (var entry in built.Root.ReadIndex().Manifests)
            environments.Add((string)(await ImageContents.ReadAsync(_build.Target, entry.Digest)).Container["Env"]!.AsArray()[^1]!);
        Assert.Equal(["ARCH=amd64/", "ARCH=arm/v7"], environments);
    }
}
