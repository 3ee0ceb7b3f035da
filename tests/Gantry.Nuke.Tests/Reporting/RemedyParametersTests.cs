namespace Gantry.Nuke.Tests.Reporting;

public sealed class RemedyParametersTests
{
    [Fact]
    public void Every_action_has_a_parameter_or_a_target() =>
        Assert.All(Enum.GetValues<RemedyAction>(), action => Assert.NotNull(RemedyParameters.Of(action)));

    [Fact]
    public void A_remedy_names_the_parameters_of_its_actions()
    {
        var error = new GantryException("GAN4013", "there is no release record", "publish a release first, or name one that exists")
        {
            Actions = [RemedyAction.Publish, RemedyAction.NameRelease],
        };

        Assert.Equal(
            "GAN4013: there is no release record; publish a release first, or name one that exists (PushBase, --release).",
            error.Offering(RemedyParameters.Of).Message);
    }
}
