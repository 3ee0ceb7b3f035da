using System.Reflection;
using Nuke.Common; // Fallout has this file in a namespace that is not below it.
using Nuke.Common.IO;

namespace Nuke.Common.ProjectModel;

/// <summary>Loads the solution that the attribute, or else the parameter of the member's name, says.</summary>
public class SolutionAttribute : ParameterAttribute
{
    private readonly string _relativePath;

    public SolutionAttribute()
        : this(null)
    {
    }

    public SolutionAttribute(string relativePath)
        : base(
            "Path to a solution file that is automatically loaded" + (relativePath != null ? $". Default is {relativePath}" : string.Empty))
        => _relativePath = relativePath;

    public override bool List { get; set; }

    public override object GetValue(MemberInfo member, object instance)
    {
        var file = _relativePath != null
            ? Build.RootDirectory / _relativePath
            : (AbsolutePath)ParameterService.GetParameter(member, typeof(AbsolutePath));
        return file.NotNull($"No solution file defined for '{member.Name}'.").ReadSolution();
    }
}
