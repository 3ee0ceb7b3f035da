using Gantry.Nuke.Publishing;

namespace Gantry.Nuke.Tests.Publishing;

public sealed class PublishContextTests
{
    [Fact]
    public void Settings_are_described_by_their_values()
    {
        var release = new DotNetPublishSettings().SetConfiguration("Release").SetProperty("A", "1");

        Assert.Equal(PublishContext.Describe(release), PublishContext.Describe(release.SetConfiguration("Release")));
        Assert.NotEqual(PublishContext.Describe(release), PublishContext.Describe(release.SetConfiguration("Debug")));
        Assert.NotEqual(PublishContext.Describe(release), PublishContext.Describe(release.SetProperty("A", "2")));
        Assert.NotEqual(PublishContext.Describe(release), PublishContext.Describe(release.SetProperty("B", "1")));
    }

    [Fact]
    public void Another_terminal_is_no_other_environment()
    {
        var settings = new DotNetPublishSettings().SetProcessEnvironmentVariable("A", "1");
        var inTmux = settings.SetProcessEnvironmentVariable("TMUX", "/tmp/tmux-0/default");

        Assert.Equal(PublishContext.Describe(settings), PublishContext.Describe(inTmux));
        Assert.NotEqual(PublishContext.Describe(settings), PublishContext.Describe(settings.SetProcessEnvironmentVariable("A", "2")));
    }
}
