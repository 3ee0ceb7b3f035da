using System.Reflection;
using Nuke.Common;
using Nuke.Common.Utilities;
using Assert = Xunit.Assert;
using Target = Nuke.Common.Target;

namespace Compat.Tests;

/// <summary>NUKE's rules for the members of a class and its components that become targets and parameters.</summary>
public sealed class MemberTests
{
    [Fact]
    public void A_public_member_replaces_that_of_the_component() => Assert.Equal(["Public.Compile"], Targets(typeof(Public)));

    [Fact]
    public void An_explicit_implementation_replaces_the_member_of_the_component() =>
        Assert.Equal(["Explicit.Compile"], Targets(typeof(Explicit)));

    [Fact]
    public void A_redeclared_member_is_listed_once() => Assert.Equal(["IRedeclare.Compile"], Targets(typeof(Redeclared)));

    [Fact]
    public void An_explicit_member_of_a_component_stays_beside_that_of_the_class() =>
        Assert.Equal(["Both.Compile", "IOverride.Compile"], Targets(typeof(Both)));

    [Fact]
    public void A_member_that_is_not_public_is_refused() => Assert.Equal(
        "Property 'Compile' must be marked public to override inherited member from:\n - ICompileOnly",
        Refusal(typeof(Hidden)));

    [Fact]
    public void Two_unrelated_components_with_the_same_member_are_refused() => Assert.Equal(
        "Property 'Compile' must be implemented explicitly because it is inherited from multiple interfaces:\n"
            + " - ICompileOnly\n - ICompileToo",
        Refusal(typeof(Ambiguous)));

    [Fact]
    public void All_members_are_listed_when_ambiguity_is_allowed() => Assert.Equal(
        ["Hidden.Compile", "ICompileOnly.Compile"],
        Members(typeof(Hidden), allowAmbiguity: true));

    private static List<string> Targets(Type build) => Members(build, allowAmbiguity: false);

    private static List<string> Members(Type build, bool allowAmbiguity) => build
        .GetAllMembers(
            x => x is PropertyInfo property && property.PropertyType == typeof(Target),
            ReflectionUtility.Instance,
            allowAmbiguity,
            filterQuasiOverridden: true)
        .Select(x => $"{x.DeclaringType!.Name}.{x.GetDisplayShortName()}")
        .ToList();

    private static string Refusal(Type build) => Assert.ThrowsAny<Exception>(() => Targets(build)).Message.ReplaceLineEndings("\n");

    private interface ICompileOnly : INukeBuild
    {
        Target Compile => _ => _;
    }

    private interface ICompileToo : INukeBuild
    {
        Target Compile => _ => _;
    }

    private interface IRedeclare : ICompileOnly
    {
        new Target Compile => _ => _;
    }

    private interface IOverride : ICompileOnly
    {
        Target ICompileOnly.Compile => _ => _;
    }

    private class Public : NukeBuild, ICompileOnly
    {
        public Target Compile => _ => _;
    }

    private class Explicit : NukeBuild, ICompileOnly
    {
        Target ICompileOnly.Compile => _ => _;
    }

    private class Redeclared : NukeBuild, IRedeclare;

    private class Both : NukeBuild, IOverride
    {
        public Target Compile => _ => _;
    }

    private class Hidden : NukeBuild, ICompileOnly
    {
        private Target Compile => _ => _;
    }

    private class Ambiguous : NukeBuild, ICompileOnly, ICompileToo;
}
