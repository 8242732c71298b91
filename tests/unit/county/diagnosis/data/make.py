#!/usr/bin/python3
"""Writes tiny.osm: a made-up county of two townships with every case of a facility that counts once. Synthetic, all of it.
   Then: osmium sort tiny.osm -o tiny.osm.pbf --overwrite, which is what the tests read."""
M = 1 / 111320.0  # degrees of latitude a metre; at the equator the same for longitude
nid, out, rels = [0], [], []
def node(x, y, **t):
    nid[0] += 1
    tags = ''.join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in t.items())
    out.append(f'<node id="{nid[0]}" version="1" lon="{10 + x * M:.7f}" lat="{y * M:.7f}">{tags}</node>')
    return nid[0]
ways, wid = [], [0]
def way(refs, **t):
    wid[0] += 1
    tags = ''.join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in t.items())
    ways.append(f'<way id="{wid[0]}" version="1">' + ''.join(f'<nd ref="{r}"/>' for r in refs) + tags + '</way>')
    return wid[0]
def square(x, y, half, **t):
    a = [node(x - half, y - half), node(x + half, y - half), node(x + half, y + half), node(x - half, y + half)]
    return way(a + a[:1], **t)
def relation(rid, ways_, **t):
    tags = ''.join(f'<tag k="{k}" v="{v}"/>' for k, v in t.items())
    rels.append(f'<relation id="{rid}" version="1">' + ''.join(f'<member type="way" ref="{w}" role="outer"/>' for w in ways_) + tags + '</relation>')

# county 0..6000 x 0..2000, townships West (x < 3000) and East
c = [node(0, 0), node(3000, 0), node(6000, 0), node(6000, 2000), node(3000, 2000), node(0, 2000)]
b = [way(c[0:2]), way(c[1:3]), way(c[2:4]), way(c[3:5]), way([c[4], c[5]]), way([c[5], c[0]]), way([c[1], c[4]])]
relation(1, [b[0], b[1], b[2], b[3], b[4], b[5]], type='boundary', boundary='administrative', admin_level='6', name='Tiny', name__zh='x')
relation(2, [b[0], b[6], b[4], b[5]], type='boundary', boundary='administrative', admin_level='8', name='West', ref='1')
relation(3, [b[1], b[2], b[3], b[6]], type='boundary', boundary='administrative', admin_level='8', name='East', ref='2')
# one street, x -1000 .. 7000 at y = 1000, a node every 100 m
way([node(x, 1000) for x in range(-1000, 7001, 100)], highway='residential', name='Long Street')
node(1000, 1010, place='village', name='Westham', population='300')
node(5000, 1010, place='village', name='Eastham', population='100')
for x in range(700, 1301, 60):
    square(x, 1030, 6, building='house')
for x in range(4800, 5201, 80):
    square(x, 1030, 6, building='house')

# -- one kindergarten: a building, a node in it that has no name, and its grounds' node of the same name
square(1000, 970, 20, amenity='kindergarten', name='Kita Sun')
node(1005, 972, amenity='kindergarten', capacity='40')
node(995, 968, amenity='kindergarten', name='Kita Sun', opening_hours='Mo-Fr 07:00-18:00')
# -- two pharmacies of one name 20 m apart are one; two doctors of different names in one house are two
node(1100, 990, amenity='pharmacy', name='Green Pharmacy')
node(1120, 990, amenity='pharmacy', name='Green Pharmacy')
node(1200, 990, amenity='doctors', name='Dr. A')
node(1203, 990, amenity='doctors', name='Dr. B')
# -- the two poles of a stop 45 m apart are one; the next stop of the same name 150 m on is another
node(2000, 1005, highway='bus_stop', name='Mill')
node(2045, 995, highway='bus_stop', name='Mill')
node(2200, 1005, highway='bus_stop', name='Mill')
# -- a school of both levels; a supermarket outside the county that serves it; a pitch nobody may enter
node(4000, 990, amenity='school', isced__level='1;2', name='Through School')
node(6300, 990, shop='supermarket', name='Border Market')
node(900, 990, leisure='pitch', access='private')
# -- a clinic without a name, which a user's list will name
node(3000, 1010, amenity='clinic')
rels[0] = rels[0].replace('<tag k="name__zh" v="x"/>', '')
open('tiny.osm', 'w').write('<?xml version="1.0"?>\n<osm version="0.6">\n' + '\n'.join(out + ways + rels) + '\n</osm>\n')
