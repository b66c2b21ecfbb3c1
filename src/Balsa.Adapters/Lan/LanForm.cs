namespace Balsa.Adapters.Lan;

/// <summary>Two courses put the same ideas into different words. A reply uses the words of its request.</summary>
public enum LanForm
{
    /// <summary>source, destination, leader, req_category; nobody is called unkown, as that course spells it.</summary>
    Categories,

    /// <summary>src, dst, leader, type, MID; nobody is called FFFF.</summary>
    Types,
}
