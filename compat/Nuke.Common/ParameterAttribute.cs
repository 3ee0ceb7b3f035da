using System.Reflection;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>
/// A value that comes from the command line (<c>--my-name value</c>), the environment (<c>MyName</c>, <c>NUKE_MY_NAME</c>)
/// or <c>parameters.json</c>, in this order.
/// </summary>
public class ParameterAttribute(string description = null) : ValueInjectionAttributeBase
{
    public virtual string Description { get; } = description;

    /// <summary>The name, where it is not the member's.</summary>
    public string Name { get; set; }

    /// <summary>The character between the values of a list, where they are given as one argument.</summary>
    public string Separator { get; set; }

    /// <summary>Whether <c>--help</c> shows the parameter.</summary>
    public virtual bool List { get; set; } = true;

    /// <summary>The type of <see cref="ValueProviderMember"/>, where it is not the build's.</summary>
    public Type ValueProviderType { get; set; }

    /// <summary>A member that lists the values to choose from.</summary>
    public string ValueProviderMember { get; set; }

    public override object GetValue(MemberInfo member, object instance)
        => ParameterService.GetParameter(member, member.GetMemberType().GetNullableType());

    public virtual IEnumerable<(string, object)> GetValueSet(MemberInfo member, object instance)
        => null;
}
