using System.Linq.Expressions;
using System.Reflection;
using Gantry.AzurePipelines.RunConfigurations;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>The generation of run configurations from the targets of a build.</summary>
public class RunConfigurationSetTests
{
    private readonly BuildWithRequiredParameters _build = new();

    [Fact]
    public void Every_listed_target_has_inputs_for_required_parameters()
    {
        var set = Create();

        Assert.Equal(["Prepare", "Serve"], set.Targets.Select(target => target.Name));
        Assert.Equal(["Amount"], set.Targets[0].Inputs.Select(input => input.Parameter));
        Assert.Equal(["Amount", "Flavour"], set.Targets[1].Inputs.Select(input => input.Parameter));
        Assert.Equal("How many", set.Targets[1].Inputs[0].Description);
        Assert.Equal(["vanilla", "lemon"], set.Targets[1].Inputs[1].Values);
        Assert.Equal("Prepares", set.Targets[0].Description);
    }

    [Fact]
    public void Profiles_are_passed_and_the_build_class_can_change_them()
    {
        var set = Create();

        Assert.Null(set.Targets[0].Profile);
        Assert.Equal("local", set.Targets[1].Profile);
        Assert.All(
            RunConfigurationGenerator.Generate(set)
                .EnsureValid()
                .Where(file => file.Path.EndsWith("Serve.run.xml", StringComparison.Ordinal)),
            file => Assert.Contains("Serve --profile local", file.Content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_promotion_to_a_later_environment_has_an_input_for_the_release()
    {
        var build = new FullBuild();
        var targets = ((string[])["PromoteStaging", "PromoteProd", "FindRelease", "Compile"])
            .Select(name => new ExecutableTarget { Name = name, Listed = true })
            .ToList();

        var set = new RunConfigurationsAttribute().CreateSet(build, targets);

        Assert.Equal([[], ["Release"], ["Release"], []], set.Targets.Select(target => target.Inputs.Select(input => input.Parameter)));
        Assert.Equal("", set.Targets[1].Inputs[0].Default);
    }

    [Fact]
    public void Secrets_have_no_input() =>
        Assert.All(
            RunConfigurationGenerator.Generate(Create()).EnsureValid(),
            file => Assert.DoesNotContain("key", file.Content.Replace("\"key\":", "", StringComparison.Ordinal), StringComparison.Ordinal));

    [Fact]
    public void A_missing_target_cannot_be_changed() =>
        Assert.Equal("GAN8064", Assert.Throws<GantryException>(() => Create().WithTarget("Fly", target => target)).Code);

    private RunConfigurationSet Create()
    {
        var prepare = new ExecutableTarget { Name = "Prepare", Description = "Prepares", Listed = true };
        prepare.DelegateRequirements.AddRange([Needs(() => _build.Amount), Needs(() => _build.Key)]);
        var serve = new ExecutableTarget { Name = "Serve", Listed = true };
        serve.ExecutionDependencies.Add(prepare);
        serve.DelegateRequirements.AddRange([Needs(() => _build.Flavour), Needs(() => _build.Amount)]);
        var attribute = typeof(BuildWithRequiredParameters).GetCustomAttribute<RunConfigurationsAttribute>()!;
        return attribute.CreateSet(_build, [prepare, serve, new ExecutableTarget { Name = "Hidden" }]);
    }

    private static Expression<Func<T>> Needs<T>(Expression<Func<T>> requirement) => requirement;
}
