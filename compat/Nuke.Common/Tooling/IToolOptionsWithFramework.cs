namespace Nuke.Common.Tooling;

/// <summary>Options of a tool that comes for several frameworks.</summary>
public interface IToolOptionsWithFramework
{
    string Framework => ((Options)this).GetNamed<string>();
}

public static class ToolOptionsWithFrameworkExtensions
{
    public static T SetFramework<T>(this T o, string v)
        where T : Options, IToolOptionsWithFramework
        => o.With(nameof(IToolOptionsWithFramework.Framework), v);
}
