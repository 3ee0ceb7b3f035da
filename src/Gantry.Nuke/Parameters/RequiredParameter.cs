using System.Linq.Expressions;
using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>A requirement of a target: <c>.Requires(() => Release)</c>.</summary>
internal static class RequiredParameter
{
    /// <summary>Returns the member that declares the parameter, or null for another kind of requirement.</summary>
    public static MemberInfo? Of(LambdaExpression requirement)
    {
        var body = requirement.Body is UnaryExpression conversion ? conversion.Operand : requirement.Body;
        return body is MemberExpression { Member: var member } && member.IsDefined(typeof(ParameterAttribute)) ? member : null;
    }
}
