using Gantry.Images.Dockerfiles;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;

namespace Gantry.Images.Tests.Dockerfiles;

public sealed class DockerfileAnalysisTests : IAsyncLifetime
{
    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Theory]
    [InlineData("FROM alpine:3\nCOPY a /b\nENV A=b\nWORKDIR /x\nUSER 1\nEXPOSE 80\nVOLUME /v\nLABEL a=b\nENTRYPOINT [\"a\"]\n"
        + "CMD [\"b\"]\nSTOPSIGNAL SIGINT\n")]
    [InlineData("# syntax=docker/dockerfile:1\nFROM alpine:3 AS final\n")]
    [InlineData("# syntax=docker/dockerfile:1.7@sha256:abc\nFROM alpine:3\n")]
    [InlineData("ARG BASE=alpine:3\nFROM --platform=$TARGETPLATFORM ${BASE}\nCOPY --link --chown=1:2 --chmod=0755 a b /c/\n")]
    [InlineData("from alpine:3\ncopy a /b # RUN\n# RUN x\n")]
    [InlineData("FROM alpine:3\nCMD echo 1 << 2\n")]
    public async Task A_Dockerfile_that_only_copies_needs_no_engine(string dockerfile)
    {
        _build.Dockerfile(dockerfile);

        Assert.Null((await DockerfileAnalysis.ReadAsync(_build.Request, CancellationToken.None)).EngineReason);
    }

    [Theory]
    [InlineData("FROM a:1\nRUN make\n", "Dockerfile:2: a Docker engine is needed, because RUN executes a program in the image")]
    [InlineData("FROM a:1\n\n\nADD x /x\n", "Dockerfile:4: a Docker engine is needed, because ADD downloads and unpacks")]
    [InlineData(
        "FROM a:1 AS build\nFROM b:1\n",
        "Dockerfile:2: a Docker engine is needed, because a second FROM makes this a build of several stages")]
    [InlineData(
        "FROM a:1\nCOPY --from=b:1 /x /x\n",
        "Dockerfile:2: a Docker engine is needed, because COPY --from reads another stage or image")]
    [InlineData(
        "FROM a:1\nCOPY --exclude=*.pdb x /x\n",
        "Dockerfile:2: a Docker engine is needed, because COPY --exclude leaves files out")]
    [InlineData(
        "FROM a:1\nCOPY --parents x /x\n",
        "Dockerfile:2: a Docker engine is needed, because COPY --parents keeps the folders of its sources")]
    [InlineData(
        "FROM a:1\nHEALTHCHECK NONE\n",
        "Dockerfile:2: a Docker engine is needed, because HEALTHCHECK is not part of the OCI image format")]
    [InlineData("FROM a:1\nSHELL [\"sh\"]\n", "Dockerfile:2: a Docker engine is needed, because SHELL is not part of the OCI image format")]
    [InlineData(
        "FROM a:1\nONBUILD COPY a b\n",
        "Dockerfile:2: a Docker engine is needed, because ONBUILD is not part of the OCI image format")]
    [InlineData(
        "FROM a:1\nMAINTAINER me\n",
        "Dockerfile:2: a Docker engine is needed, because MAINTAINER is deprecated in favour of LABEL org.opencontainers.image.authors")]
    [InlineData("FROM a:1\nCOPY <<EOF /x\nFOO bar\nEOF\n", "Dockerfile:2: a Docker engine is needed, because COPY reads a here-document")]
    [InlineData("FROM a:1\nRUN <<-'EOF'\nFOO bar\nEOF\n", "Dockerfile:2: a Docker engine is needed, because RUN reads a here-document")]
    [InlineData(
        "# syntax=example.com/frontend\nFROM a:1\nWHATEVER\n",
        "Dockerfile:1: a Docker engine is needed, because the syntax directive asks for the frontend 'example.com/frontend'")]
    [InlineData(
        "FROM a:1\nLABEL a=${X#y}\n",
        "Dockerfile:2: a Docker engine is needed, because '${X#…}' is a substitution that only Docker's own builder knows")]
    [InlineData(
        "FROM --platform=$BUILDPLATFORM a:1\n",
        "Dockerfile:1: a Docker engine is needed, because the variable 'BUILDPLATFORM' depends on the machine that builds, "
            + "so that the image would differ from machine to machine")]
    [InlineData(
        "FROM a:1\nARG BUILDARCH\n",
        "Dockerfile:2: a Docker engine is needed, because the variable 'BUILDARCH' depends on the machine that builds, "
            + "so that the image would differ from machine to machine")]
    public async Task An_instruction_that_needs_an_engine_is_reported_with_its_line(string dockerfile, string reason)
    {
        _build.Dockerfile(dockerfile);

        Assert.Equal(reason, (await DockerfileAnalysis.ReadAsync(_build.Request, CancellationToken.None)).EngineReason);

        var error = await _build.FailAsync();
        Assert.Equal("GAN3003", error.Code);
        Assert.Equal(reason, error.Problem);
        Assert.Equal([RemedyAction.BuildWithEngine], error.Actions);
    }

    [Fact]
    public async Task An_image_for_Windows_needs_an_engine()
    {
        _build.Dockerfile("FROM a:1\n");
        var request = _build.Request with { Platforms = [Platform.Parse("windows/amd64")] };

        Assert.Contains(
            "windows/amd64", (await DockerfileAnalysis.ReadAsync(request, CancellationToken.None)).EngineReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN3002", "", "no FROM")]
    [InlineData("GAN3002", "# only a comment\n", "no FROM")]
    [InlineData("GAN3002", "COPY a b\nFROM a:1\n", "Dockerfile:1: COPY comes before FROM")]
    [InlineData("GAN3004", "FROM a:1\nCOPPY a b\n", "Dockerfile:2: 'COPPY' is not a Dockerfile instruction")]
    [InlineData("GAN3004", "FROM a:1\nCOPY a \\\n  b\ngarbage\n", "Dockerfile:4: 'GARBAGE'")]
    [InlineData("GAN3002", "FROM\n", "Dockerfile:1: FROM has no argument")]
    [InlineData("GAN3002", "FROM a:1 b\n", "FROM takes an image")]
    [InlineData("GAN3002", "FROM a:1 IS b\n", "'IS' is used where FROM expects AS")]
    [InlineData("GAN3002", "FROM a:1 AS 1b\n", "'1b' is not a name for a stage")]
    [InlineData("GAN3002", "FROM --os=linux a:1\n", "FROM has no flag '--os'")]
    [InlineData("GAN3002", "FROM a:1\nCOPY --chwon=1 a b\n", "COPY has no flag '--chwon'")]
    [InlineData("GAN3002", "FROM a:1\nCOPY --chown=1 --chown=2 a b\n", "the flag '--chown' is given twice")]
    [InlineData("GAN3002", "FROM a:1\nCOPY --chown a b\n", "the flag '--chown' has no value")]
    [InlineData("GAN3002", "FROM a:1\nCOPY --link=maybe a b\n", "can only be true or false")]
    [InlineData("GAN3002", "FROM a:1\nCOPY a\n", "at least one source and a destination")]
    [InlineData("GAN3002", "FROM a:1\nCOPY [\"a\", 1]\n", "holds 1, which is not a string")]
    [InlineData("GAN3002", "FROM a:1\nENV A\n", "ENV 'A' has no value")]
    [InlineData("GAN3002", "FROM a:1\nENV A=b C\n", "'C' is not of the form name=value")]
    [InlineData("GAN3002", "FROM a:1\nARG =x\n", "no name before '='")]
    [InlineData("GAN3002", "FROM a:1\nUSER --x y\n", "USER has no flag '--x'")]
    [InlineData("GAN3002", "# escape=x\nFROM a:1\n", "Dockerfile:1: the escape character is 'x'")]
    [InlineData("GAN3002", "# escape=`\n# escape=`\nFROM a:1\n", "Dockerfile:2: the parser directive 'escape' is given twice")]
    public async Task An_invalid_Dockerfile_is_an_error_with_its_line(string code, string dockerfile, string problem)
    {
        _build.Dockerfile(dockerfile);

        var error = await Assert.ThrowsAsync<GantryException>(() => DockerfileAnalysis.ReadAsync(_build.Request, CancellationToken.None));

        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_Dockerfile_is_named()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => DockerfileAnalysis.ReadAsync(_build.Request, CancellationToken.None));

        Assert.Equal("GAN3001", error.Code);
        Assert.Contains(_build.Request.Dockerfile, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_Dockerfile_is_not_read_into_memory()
    {
        _build.Dockerfile(new string('x', 2 * 1024 * 1024));

        Assert.Equal(
            "GAN3005",
            (await Assert.ThrowsAsync<GantryException>(() => DockerfileAnalysis.ReadAsync(_build.Request, CancellationToken.None))).Code);
    }
}
