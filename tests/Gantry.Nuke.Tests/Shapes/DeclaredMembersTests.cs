using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>Names of members in both a build class and a component.</summary>
public sealed class DeclaredMembersTests
{
    [Theory]
    [InlineData(
        "Hidden",
        "GAN7051: the build class 'Build' declares Compile, and so does its component ICompileImages; delete or rename Build.Compile, "
            + "or leave ICompileImages out.\n")]
    [InlineData(
        "HiddenParameter",
        "GAN7051: the build class 'Build' declares Region, and so does its component IPromote; delete or rename Build.Region, "
            + "or leave IPromote out.\n")]
    public async Task A_name_that_is_declared_twice_is_an_error_of_one_sentence(string shape, string sentence)
    {
        using var repository = await ShapeRepository.CreateAsync(shape);

        var run = await repository.BuildAsync("PromoteDev");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }

    [Theory]
    [InlineData(typeof(global::Shapes.Hidden.Build), "the build class 'Build' declares Compile, and so does its component ICompileImages")]
    [InlineData(typeof(OwnSolution), "the build class 'OwnSolution' declares Solution, and so does its component ICompileImages")]
    [InlineData(typeof(OwnTest), "the build class 'OwnTest' declares Test, and so does its component ITestSolution")]
    [InlineData(typeof(OwnPromotion), "the build class 'OwnPromotion' declares FindRelease, and so does its component IPromote")]
    [InlineData(typeof(ForeignCompile), "the components ICompileImages and Shapes.ForeignComponents.ICompile both declare Compile")]
    [InlineData(
        typeof(ForeignRegion),
        "the components IPromote and Gantry.Nuke.Tests.Shapes.DeclaredMembersTests+IHazRegion both declare Region")]
    public void The_member_to_delete_and_the_component_to_leave_out_are_named(Type build, string problem)
    {
        var error = Assert.Throws<GantryException>(() => DeclaredMembers.Check(build));
        Assert.Equal("GAN7051", error.Code);
        Assert.Equal(problem, error.Problem);
    }

    [Theory]
    [InlineData(typeof(global::Shapes.CompileInherited.Build))]
    [InlineData(typeof(global::Shapes.CompileImplemented.Build))]
    [InlineData(typeof(global::Shapes.FromSetup.Build))]
    [InlineData(typeof(global::Shapes.ForeignComponents.Build))]
    [InlineData(typeof(global::Shapes.NukeComponents.Build))]
    [InlineData(typeof(global::Shapes.OwnPublishAndTest.Build))]
    [InlineData(typeof(ExplicitSolution))]
    public void Names_that_are_declared_once_are_accepted(Type build) => DeclaredMembers.Check(build);

    internal interface IHazRegion : INukeBuild
    {
        [Parameter]
        string? Region => TryGetValue(() => Region);
    }

    internal abstract class OwnSolution : NukeBuild, ICompileImages
    {
        [Solution]
        protected readonly Solution Solution = null!;

        public abstract IReadOnlyList<ContainerImage> Images { get; }
    }

    internal abstract class ExplicitSolution : NukeBuild, ICompileImages
    {
        [Solution]
        protected readonly Solution Solution = null!;

        Solution IHazSolution.Solution => Solution;

        public abstract IReadOnlyList<ContainerImage> Images { get; }
    }

    internal abstract class OwnTest : NukeBuild, ITestSolution
    {
        protected Target Test => _ => _;
    }

    internal abstract class OwnPromotion : NukeBuild, IPromote
    {
        protected Target FindRelease => _ => _;

        public abstract IReadOnlyList<ContainerImage> Images { get; }
    }

    internal abstract class ForeignCompile : NukeBuild, ICompileImages, global::Shapes.ForeignComponents.ICompile
    {
        public abstract IReadOnlyList<ContainerImage> Images { get; }
    }

    internal abstract class ForeignRegion : NukeBuild, IPromote, IHazRegion
    {
        public abstract IReadOnlyList<ContainerImage> Images { get; }
    }
}
