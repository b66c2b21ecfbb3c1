using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Balsa.Solution.Tests.Rules;

/// <summary>
/// The public surface of an assembly as text: one line a member, ordered by name, so that a change is a small difference.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(IsWritten).OrderBy(type => TypeText.Of(type), StringComparer.Ordinal))
        {
            text.Append(Describe(type));
        }

        return text.ToString();
    }

    public static string Describe(Type type)
    {
        var text = new StringBuilder();
        text.Append(TypeHead(type)).Append('\n');
        foreach (var member in Members(type).Order(StringComparer.Ordinal))
        {
            text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string TypeHead(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsByRefLike ? "ref struct" : "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = new List<string>();
        if (type.IsEnum)
        {
            bases.Add(TypeText.Of(type.GetEnumUnderlyingType()));
        }
        else
        {
            if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            {
                bases.Add(TypeText.Of(parent));
            }

            bases.AddRange(type.GetInterfaces().Where(i => i.IsVisible).Select(TypeText.Of).Order(StringComparer.Ordinal));
        }

        var after = bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
        return $"{kind} {TypeText.Of(type)}{after}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {f.GetRawConstantValue()}");
        }

        var fields = type.GetFields(Declared).Where(f => IsVisible(f.IsPublic, f.IsFamily, f.IsFamilyOrAssembly)).Select(Field);
        var constructors = type.GetConstructors(Declared).Where(IsVisible).Select(c => $"new({Parameters(c)})");
        var methods = type.GetMethods(Declared).Where(m => IsVisible(m) && !IsHidden(m)).Select(Method);
        var properties = type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property);
        var events = type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsVisible(add))
            .Select(e => $"event {TypeText.Of(e.EventHandlerType!)} {e.Name}");
        return fields.Concat(constructors).Concat(methods).Concat(properties).Concat(events);
    }

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {TypeText.Of(field.FieldType)} {field.Name} = {TypeText.Value(field.GetRawConstantValue())}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeText.Of(field.FieldType)} {field.Name}";

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>" : "";
        var modifier = method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "";
        var constraints = method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : "";
        return $"{modifier}{TypeText.Of(method.ReturnParameter)} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } getter && IsVisible(getter))
        {
            accessors.Add("get;");
        }

        if (property.SetMethod is { } setter && IsVisible(setter))
        {
            var isInit = setter.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit");
            accessors.Add(isInit ? "init;" : "set;");
        }

        var first = property.GetAccessors(nonPublic: true)[0];
        var index = property.GetIndexParameters();
        var name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        return $"{(first.IsStatic ? "static " : "")}{TypeText.Of(property.PropertyType)} {name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var text = $"{TypeText.Of(parameter)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {TypeText.Value(parameter.RawDefaultValue)}" : text;
    }

    private static string Constraints(Type[] arguments)
    {
        var text = new StringBuilder();
        foreach (var argument in arguments.Where(a => a.IsGenericParameter))
        {
            var parts = argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeText.Of)
                .Order(StringComparer.Ordinal).ToList();
            if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            {
                parts.Insert(0, "struct");
            }

            if (parts.Count > 0)
            {
                text.Append($" where {argument.Name} : {string.Join(", ", parts)}");
            }
        }

        return text.ToString();
    }

    /// <summary>Accessors appear with their property; what the compiler writes for a record follows from its other members.</summary>
    private static bool IsHidden(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsWritten(Type type) => !type.FullName!.Contains('<', StringComparison.Ordinal);

    private static bool IsVisible(MethodBase method) => IsVisible(method.IsPublic, method.IsFamily, method.IsFamilyOrAssembly);

    private static bool IsVisible(bool isPublic, bool isFamily, bool isFamilyOrAssembly) => isPublic || isFamily || isFamilyOrAssembly;
}
