using Gantry.Images.Dockerfiles;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;

namespace Gantry.Images.Tests.Dockerfiles;

/// <summary>The requirements of a Dockerfile, read before the engine gets it.</summary>
public sealed class DockerfileRequirementsTests
{
    [Fact]
    public async Task Images_of_all_stages_are_found_with_their_arguments_resolved()
    {
        var file = await ReadAsync(
            """
            # syntax=docker/dockerfile:1
            ARG VERSION=10.0
            ARG REGISTRY
            FROM --platform=linux/arm64 ${REGISTRY:-mcr.microsoft.com}/dotnet/sdk:$VERSION AS build
            COPY --from=tools.example/lint:2 /lint /lint
            COPY --from=build /a /b
            COPY --from=0 /a /b
            RUN --mount=type=bind,from=tools.example/cache:1,target=/cache true
            FROM build AS test
            FROM scratch
            FROM mcr.microsoft.com/dotnet/aspnet:$VERSION AS final
            COPY --from=build /app /app
            """,
            ("VERSION", "9.0"));

        Assert.Equal(
            [
                ("mcr.microsoft.com/dotnet/sdk:9.0", "linux/arm64"),
                ("tools.example/lint:2", null),
                ("tools.example/cache:1", null),
                ("mcr.microsoft.com/dotnet/aspnet:9.0", null),
            ],
            ImagesOf(file));
        Assert.Equal("docker/dockerfile:1", file.Syntax);
    }

    [Fact]
    public async Task Sources_of_the_context_are_found_in_all_stages()
    {
        await using var build = new BuildFixture();
        build.Dockerfile(
            """
            ARG IMAGE=app
            FROM scratch AS first
            ARG IMAGE
            ARG FOLDER=artifacts/$IMAGE
            ENV LAYER=packages
            COPY ./$FOLDER/frameworks/ /app
            ADD ["artifacts/x y/../app/${LAYER}", "/app"]
            FROM scratch
            COPY --from=first /app /app
            COPY --chown=1:1 /a.txt ${UNKNOWN#x}/b *.dll .
            RUN <<END
            COPY not an instruction
            END
            """);

        Assert.Equal(
            ["artifacts/shop/frameworks", "artifacts/app/packages", "a.txt", "${UNKNOWN#x}/b", "*.dll"],
            await DockerfileRequirements.FindCopiedPathsAsync(
                build.Request with { BuildArguments = new Dictionary<string, string> { ["IMAGE"] = "shop" } }, CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "third:1")]
    [InlineData("last", "third:1")]
    [InlineData("MIDDLE", "first:1")]
    [InlineData("0", "first:1")]
    [InlineData("3", null)]
    [InlineData("nowhere", null)]
    public async Task The_base_of_a_stage_is_found_through_the_stages_below_it(string? target, string? expected)
    {
        var file = await ReadAsync("FROM first:1 AS one\nFROM one AS middle\nFROM middle\nFROM scratch AS none\nFROM third:1 AS last\n");

        Assert.Equal(expected, file.FindBase(target));
    }

    [Theory]
    [InlineData("RUN make", null)]
    [InlineData("COPY --chown=1:1 a b", null)]
    [InlineData("RUN --mount=type=cache,target=/c make", "Dockerfile:2: RUN has the flag --mount")]
    [InlineData("RUN --network=none make", "Dockerfile:2: RUN has the flag --network")]
    [InlineData("COPY --chmod=755 a b", "Dockerfile:2: COPY has the flag --chmod")]
    [InlineData("copy --link a b", "Dockerfile:2: COPY has the flag --link")]
    [InlineData("ADD --checksum=sha256:0 https://x.example/a b", "Dockerfile:2: ADD has the flag --checksum")]
    [InlineData("RUN <<EOF\nFROM inner:1\nEOF", "Dockerfile:2: RUN reads a here-document")]
    [InlineData("COPY <<-\"END\" /file\nFROM inner:1\nEND", "Dockerfile:2: COPY reads a here-document")]
    [InlineData("RUN echo 1 << 2", null)]
    [InlineData("ARG TARGETARCH", "Dockerfile:2: ARG takes TARGETARCH from the builder")]
    [InlineData("ARG TARGETARCH=amd64", null)]
    [InlineData("FROM --platform=$BUILDPLATFORM other:1", "Dockerfile:2: FROM uses the platform arguments")]
    public async Task An_instruction_that_needs_BuildKit_is_reported_with_its_line(string instruction, string? reason)
    {
        var file = await ReadAsync($"FROM first:1\n{instruction}\n");

        Assert.Equal(reason, file.BuildKitReason);
        Assert.DoesNotContain(file.Images, image => image.Name == "inner:1");
    }

    [Fact]
    public async Task Platform_arguments_are_known_before_the_first_stage()
    {
        var file = await ReadAsync("FROM --platform=$BUILDPLATFORM sdk:1 AS build\nFROM runtime:1-$TARGETARCH\n");

        Assert.Equal([("sdk:1", "linux/amd64"), ("runtime:1-arm64", null)], ImagesOf(file));
    }

    [Theory]
    [InlineData("ARG VERSION=v3.20\nFROM alpine:${VERSION#v}\n", "Dockerfile:2: FROM has a substitution that only BuildKit supports")]
    [InlineData("ARG VERSION=v3.20\nFROM alpine:${VERSION%.20}\n", "Dockerfile:2: FROM has a substitution that only BuildKit supports")]
    [InlineData("ARG VERSION=v3.20\nFROM alpine:${VERSION/v/}\n", "Dockerfile:2: FROM has a substitution that only BuildKit supports")]
    [InlineData(
        "ARG VERSION=v3.20\nARG SHORT=${VERSION#v}\nFROM alpine:$SHORT\n",
        "Dockerfile:2: ARG has a substitution that only BuildKit supports")]
    [InlineData(
        "ARG VERSION=v3.20\nFROM --platform=${VERSION#v} alpine:3\n",
        "Dockerfile:2: FROM has a substitution that only BuildKit supports")]
    public async Task A_substitution_that_only_BuildKit_knows_is_left_to_it(string dockerfile, string reason)
    {
        var file = await ReadAsync(dockerfile);

        Assert.Equal(reason, file.BuildKitReason);
        Assert.Empty(file.Images);
    }

    [Fact]
    public async Task An_image_that_only_BuildKit_resolves_is_not_reported_as_base()
    {
        var file = await ReadAsync("ARG VERSION=v3.20\nFROM alpine:${VERSION#v} AS one\nFROM one AS two\n");

        Assert.Null(file.FindBase(null));
    }

    [Fact]
    public async Task A_given_argument_needs_no_default()
    {
        var file = await ReadAsync("ARG VERSION=v3.20\nARG SHORT=${VERSION#v}\nFROM alpine:$SHORT\n", ("SHORT", "3.19"));

        Assert.Equal([("alpine:3.19", null)], ImagesOf(file));
        Assert.Null(file.BuildKitReason);
    }

    [Fact]
    public async Task A_given_platform_argument_does_not_need_BuildKit()
    {
        var file = await ReadAsync("FROM first:1\nARG TARGETARCH\n", ("TARGETARCH", "amd64"));

        Assert.Null(file.BuildKitReason);
    }

    [Fact]
    public async Task An_invalid_file_is_left_to_the_engine()
    {
        var file = await ReadAsync("FROM\nFRM x\nCOPY\n\"\n");

        Assert.Empty(file.Images);
        Assert.Null(file.FindBase(null));
    }

    private static IEnumerable<(string Name, string? Platform)> ImagesOf(DockerfileRequirements file) =>
        file.Images.Select(image => (image.Name, image.Platform));

    private static async Task<DockerfileRequirements> ReadAsync(string text, params (string Name, string Value)[] arguments)
    {
        await using var build = new BuildFixture().Dockerfile(text);
        var request = build.Request with { BuildArguments = arguments.ToDictionary(argument => argument.Name, argument => argument.Value) };
        return await DockerfileRequirements.ReadAsync(request, Platform.LinuxArm64, Platform.LinuxAmd64, CancellationToken.None);
    }
}
