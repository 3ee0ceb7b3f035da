using System;

namespace Shapes;

/// <summary>Runs the build class that a test asks for.</summary>
internal static class Program
{
    public static int Main()
    {
        var shape = Environment.GetEnvironmentVariable("GANTRY_SHAPE");
        return shape switch
        {
            "CompileInherited" => CompileInherited.Build.Main(),
            "CompileImplemented" => CompileImplemented.Build.Main(),
            "FromSetup" => FromSetup.Build.Main(),
            "ForeignComponents" => ForeignComponents.Build.Main(),
            "OwnPublishAndTest" => OwnPublishAndTest.Build.Main(),
            "NukeComponents" => NukeComponents.Build.Main(),
            "PublishReplaced" => PublishReplaced.Build.Main(),
            "PublishExtended" => PublishExtended.Build.Main(),
            "Hidden" => Hidden.Build.Main(),
            "Promoting" => Promoting.Build.Main(),
            "Rebuilding" => Rebuilding.Build.Main(),
            "HiddenParameter" => HiddenParameter.Build.Main(),
            "Signing" => Signing.Build.Main(),
            "Chain" => Chain.Build.Main(),
            _ => throw new InvalidOperationException($"GANTRY_SHAPE is '{shape}', which is no build class of this program."),
        };
    }
}
