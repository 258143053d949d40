using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class TypeTests
{
    [Fact]
    public void Every_file_holds_one_type() => Finding.AssertNone(Repository.Sources.SelectMany(TypeRules.OnePerFile));

    [Fact]
    public void Every_namespace_is_its_folder() => Finding.AssertNone(Repository.Sources.SelectMany(TypeRules.Namespaces));

    [Fact]
    public void Every_class_is_closed_or_has_heirs() => Finding.AssertNone(SealedRule.Check(Repository.Sources));

    [Theory]
    [InlineData("class A; class B;", 1)]
    [InlineData("interface A; class B;", 1)]
    [InlineData("class A; delegate void B();", 1)]
    [InlineData("record A; enum B;", 0)]
    [InlineData("class A { class B; }", 0)]
    [InlineData("abstract record A; sealed record B : A; sealed record C(int X) : A;", 0)]
    [InlineData("abstract record A; sealed record B : A; sealed record C;", 1)]
    [InlineData("abstract record A; sealed record B : A; enum C;", 1)]
    public void A_second_type_is_found(string text, int expected) =>
        Assert.Equal(expected, TypeRules.OnePerFile(Sample.Of(text)).Count());

    [Theory]
    [InlineData("namespace Perennial.Hub.Devices;", 0)]
    [InlineData("namespace Perennial.Hub;", 1)]
    [InlineData("namespace Perennial.Hub.Devices { }", 0)]
    public void A_namespace_elsewhere_is_found(string text, int expected) =>
        Assert.Equal(expected, TypeRules.Namespaces(Sample.Of(text)).Count());

    [Theory]
    [InlineData("sealed class A; static class B; sealed record C; record struct D; interface E;", 0)]
    [InlineData("class A;", 1)]
    [InlineData("record A;", 1)]
    [InlineData("abstract class A;", 1)]
    [InlineData("abstract class A; sealed class B : A;", 0)]
    [InlineData("abstract class A(int x); sealed class B() : A(1);", 0)]
    [InlineData("abstract class A<T>; sealed class B : A<int>;", 0)]
    [InlineData("sealed partial class A; partial class A;", 0)]
    [InlineData("sealed class A { class B; }", 1)]
    public void An_open_class_is_found(string text, int expected) =>
        Assert.Equal(expected, SealedRule.Check([Sample.Of(text)]).Count());
}
